import type { SpokenWord } from '../adapters/voice.ts';
import type { Fonts } from '../adapters/fonts.ts';
import { assAlpha, assColour, assText, type AssEvent } from './ass.ts';
import { FPS, type Frame } from './frame.ts';
import type { Palette } from './palette.ts';

export const captionStyles = ['bold', 'clean', 'boxed'] as const;
export type CaptionStyle = (typeof captionStyles)[number];
export const captionPositions = ['bottom', 'middle'] as const;

/** A word with times in seconds from the start of its scene. */
export interface TimedWord {
	text: string;
	start: number;
	end: number;
}

/** Words shown together, on one or two lines. */
export interface CaptionGroup {
	lines: TimedWord[][];
	start: number;
	end: number;
	size: number;
	fits: boolean;
}

const HOLD = 0.06;

/** On the frame grid: nothing is seen between two frames, and a millisecond changes no segment. */
export function timedWords(words: readonly SpokenWord[], offset: number): TimedWord[] {
	const onFrame = (ms: number) => Math.round((offset + ms / 1000) * FPS) / FPS;
	return words.map(({ text, startMs, endMs }) => ({
		text,
		start: onFrame(startMs),
		end: onFrame(endMs),
	}));
}

/**
 * Cuts speech into short captions: at most `perGroup` words, two lines, ended by punctuation or a
 * pause. Sizes shrink for a word that is wider than the safe area.
 */
export function groupCaptions(
	words: readonly TimedWord[],
	frame: Frame,
	fonts: Fonts,
	options: { size?: number; perGroup?: number } = {},
): CaptionGroup[] {
	const size = options.size ?? (frame.aspect === '9:16' ? 104 : 68);
	const perGroup = options.perGroup ?? (frame.aspect === '16:9' ? 7 : 4);
	const width = (frame.safe.right - frame.safe.left) * 0.96;
	const groups = phrases(words).flatMap((phrase) => {
		// Even shares: four and one would leave a word alone on the screen.
		const count = Math.ceil(phrase.length / perGroup);
		return Array.from({ length: count }, (_, index) => {
			const from = Math.round((index * phrase.length) / count);
			const to = Math.round(((index + 1) * phrase.length) / count);
			return layOut(phrase.slice(from, to), size, width, fonts);
		});
	});
	// A caption stays until the next one, unless the voice rests.
	for (const [index, group] of groups.entries()) {
		const next = groups[index + 1];
		group.end = next && next.start - group.end < 0.3 ? next.start : group.end + HOLD;
	}
	return groups;
}

/** Words up to a stop or a pause. A comma ends a phrase only when enough was said. */
function phrases(words: readonly TimedWord[]): TimedWord[][] {
	const found: TimedWord[][] = [];
	let current: TimedWord[] = [];
	for (const [index, word] of words.entries()) {
		current.push(word);
		const next = words[index + 1];
		const pause = next ? next.start - word.end : 0;
		const ended = /[.!?…:;]$/.test(word.text) || (/,$/.test(word.text) && current.length > 2);
		if (!next || ended || pause > 0.3) {
			found.push(current);
			current = [];
		}
	}
	return found;
}

function layOut(words: TimedWord[], largest: number, width: number, fonts: Fonts): CaptionGroup {
	const measure = (line: TimedWord[], size: number) =>
		fonts.width('text', line.map(({ text }) => text).join(' '), size);
	const first = words[0]?.start ?? 0;
	const end = words.at(-1)?.end ?? first;
	for (let size = largest; ; size -= 4) {
		const lines = splitLines(words, (line) => measure(line, size), width);
		const fits = lines.every((line) => measure(line, size) <= width);
		if (fits || size <= 24) return { lines, start: first, end, size, fits };
	}
}

function splitLines(
	words: TimedWord[],
	measure: (line: TimedWord[]) => number,
	width: number,
): TimedWord[][] {
	if (words.length < 2 || measure(words) <= width) return [words];
	let best: TimedWord[][] = [words];
	let bestWidth = Infinity;
	for (let cut = 1; cut < words.length; cut++) {
		const halves = [words.slice(0, cut), words.slice(cut)];
		const widest = Math.max(...halves.map(measure));
		if (widest < bestWidth) {
			bestWidth = widest;
			best = halves;
		}
	}
	return best;
}

/** Burned-in captions: the group stands still, the word being spoken is lit. */
export function captionEvents(
	groups: readonly CaptionGroup[],
	frame: Frame,
	palette: Palette,
	look: { style: CaptionStyle; position: (typeof captionPositions)[number] },
): AssEvent[] {
	const x = (frame.safe.left + frame.safe.right) / 2;
	const y = look.position === 'middle' ? Math.round(frame.height * 0.56) : frame.captionBottom;
	const outline = look.style === 'bold' ? 5 : look.style === 'boxed' ? 16 : 0;
	const back = look.style === 'boxed' ? assColour(palette.dark) : '&H000000&';
	const base = [
		`\\an2\\pos(${x},${y})\\bord${outline}\\3c${back}`,
		look.style === 'clean' ? `\\shad3\\4c&H000000&\\4a${assAlpha(0.55)}\\blur1` : '\\shad0',
		look.style === 'boxed' ? `\\3a${assAlpha(0.82)}` : '',
	].join('');
	const lit = assColour(palette.accent);
	return groups.flatMap((group) => {
		const words = group.lines.flat();
		return words.map((word, index): AssEvent => {
			const start = index === 0 ? group.start : word.start;
			const end = words[index + 1]?.start ?? group.end;
			const text = group.lines
				.map((line) =>
					line
						.map((other) =>
							other === word && look.style !== 'clean'
								? `{\\1c${lit}}${assText(other.text)}{\\1c&HFFFFFF&}`
								: other === word
									? assText(other.text)
									: look.style === 'clean'
										? `{\\1a${assAlpha(0.62)}}${assText(other.text)}{\\1a&H00&}`
										: assText(other.text),
						)
						.join(' '),
				)
				.join('\\N');
			const fade = index === 0 ? '\\fad(70,0)' : '';
			return {
				start,
				end,
				layer: 5,
				style: 'text',
				text: `{${base}\\fs${group.size}${fade}}${text}`,
			};
		});
	});
}

/** SubRip file; `groups` carry times from the start of the video. */
export function toSrt(groups: readonly CaptionGroup[]): string {
	return groups
		.map((group, index) => {
			const text = group.lines.map((line) => line.map((word) => word.text).join(' ')).join('\n');
			// An angle bracket would be read as markup by players.
			return `${index + 1}\n${srtClock(group.start)} --> ${srtClock(group.end)}\n${text.replace(/</g, '‹').replace(/-->/g, '→')}\n`;
		})
		.join('\n');
}

function srtClock(seconds: number): string {
	const ms = Math.max(0, Math.round(seconds * 1000));
	const pad = (value: number, length = 2) => String(value).padStart(length, '0');
	return `${pad(Math.floor(ms / 3_600_000))}:${pad(Math.floor(ms / 60_000) % 60)}:${pad(Math.floor(ms / 1000) % 60)},${pad(ms % 1000, 3)}`;
}
