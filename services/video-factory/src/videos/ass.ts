import type { Cut, Fonts } from '../adapters/fonts.ts';
import { cuts } from '../adapters/fonts.ts';
import type { Frame } from './frame.ts';

/** One line of an ASS file; times in seconds from the start of its scene. */
export interface AssEvent {
	start: number;
	end: number;
	layer: number;
	style: Cut;
	/** Override tags and text; user text must have passed `assText`. */
	text: string;
}

/**
 * User text made inert: braces would open override tags, a backslash starts `\N` and friends. A
 * word joiner after the backslash breaks the sequence and is not drawn.
 */
export function assText(text: string): string {
	return text
		.replace(/[\r\n\t\u2028\u2029]+/g, ' ')
		.replace(/\\/g, '\\\u2060')
		.replace(/[{}]/g, (brace) => `\\${brace}`);
}

/** #rrggbb to ASS order; `alpha` 0 is opaque, 255 invisible. */
export function assColour(hex: string): string {
	return `&H${hex.slice(5, 7)}${hex.slice(3, 5)}${hex.slice(1, 3)}&`.toUpperCase();
}

export function assAlpha(opacity: number): string {
	const value = Math.round((1 - opacity) * 255);
	return `&H${value.toString(16).padStart(2, '0').toUpperCase()}&`;
}

/** Path of a rounded box from 0,0 in drawing commands. */
export function roundedBox(width: number, height: number, radius: number): string {
	const w = Math.round(width);
	const h = Math.round(height);
	const r = Math.round(Math.min(radius, w / 2, h / 2));
	// A circle's quarter as a Bézier curve: control points at 0.55 of the radius.
	const c = Math.round(r * 0.45);
	return [
		`m ${r} 0 l ${w - r} 0 b ${w - c} 0 ${w} ${c} ${w} ${r}`,
		`l ${w} ${h - r} b ${w} ${h - c} ${w - c} ${h} ${w - r} ${h}`,
		`l ${r} ${h} b ${c} ${h} 0 ${h - c} 0 ${h - r}`,
		`l 0 ${r} b 0 ${c} ${c} 0 ${r} 0`,
	].join(' ');
}

/** A complete ASS file drawn at frame size. */
export function assDocument(
	frame: { width: number; height: number },
	fonts: Fonts,
	events: readonly AssEvent[],
): string {
	const styles = (Object.keys(cuts) as Cut[]).map(
		(cut) =>
			`Style: ${cut},${fonts.family(cut)},80,&H00FFFFFF,&H00FFFFFF,&H00000000,&H80000000,` +
			`${cuts[cut].bold},0,0,0,100,100,0,0,1,0,0,7,0,0,0,1`,
	);
	const lines = events.map(
		(event) =>
			`Dialogue: ${event.layer},${clock(event.start)},${clock(event.end)},${event.style},,0,0,0,,${event.text}`,
	);
	return [
		'[Script Info]',
		'ScriptType: v4.00+',
		`PlayResX: ${frame.width}`,
		`PlayResY: ${frame.height}`,
		'WrapStyle: 2',
		'ScaledBorderAndShadow: yes',
		'YCbCr Matrix: TV.709',
		'[V4+ Styles]',
		'Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding',
		...styles,
		'[Events]',
		'Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text',
		...lines,
		'',
	].join('\n');
}

function clock(seconds: number): string {
	const centis = Math.max(0, Math.round(seconds * 100));
	const pad = (value: number) => String(value).padStart(2, '0');
	const whole = Math.floor(centis / 100);
	const hours = Math.floor(whole / 3600);
	return `${hours}:${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}.${pad(centis % 100)}`;
}

/** Type set to a width: the largest size whose lines fit, broken so that lines are alike. */
export function setType(
	fonts: Fonts,
	cut: Cut,
	text: string,
	limits: { width: number; largest: number; smallest: number; lines: number },
): { size: number; lines: string[]; fits: boolean } {
	const words = text.split(/[ \t\r\n]+/).filter(Boolean);
	for (let size = limits.largest; ; size -= 4) {
		const lines = breakLines(words, (line) => fonts.width(cut, line, size), limits.width);
		const fits =
			lines.length <= limits.lines &&
			lines.every((line) => fonts.width(cut, line, size) <= limits.width);
		if (fits || size - 4 < limits.smallest) return { size, lines, fits };
	}
}

function breakLines(words: string[], width: (line: string) => number, limit: number): string[] {
	const greedy = wrap(words, width, limit);
	if (greedy.length < 2) return greedy;
	// Narrow the measure while the number of lines stays: no single word hangs below.
	for (let share = 0.6; share < 1; share += 0.05) {
		const even = wrap(words, width, limit * share);
		if (even.length === greedy.length && even.every((line) => width(line) <= limit)) return even;
	}
	return greedy;
}

function wrap(words: string[], width: (line: string) => number, limit: number): string[] {
	const lines: string[] = [];
	let line = '';
	for (const word of words) {
		const longer = line === '' ? word : `${line} ${word}`;
		if (line !== '' && width(longer) > limit) {
			lines.push(line);
			line = word;
		} else line = longer;
	}
	if (line !== '') lines.push(line);
	return lines;
}

/** Anchor of a block of type in a frame. */
export function anchorX(frame: Frame): number {
	return frame.align === 'center' ? (frame.safe.left + frame.safe.right) / 2 : frame.safe.left;
}
