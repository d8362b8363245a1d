import { WIDTHS } from './font-data.ts';

export type Weight = 400 | 500 | 600;

/** Height of the letters above and below the base line in font sizes (Inter's own). */
const ASCENT = 0.96875;
const DESCENT = 0.2412;
const TABLE_SIZE = 0x530;
const UNKNOWN = 600;
const ELLIPSIS = '…';

const tables: Record<Weight, Uint16Array> = {
	400: table(400),
	500: table(500),
	600: table(600),
};

function table(weight: Weight): Uint16Array {
	const widths = new Uint16Array(0x10000);
	widths.fill(UNKNOWN, 0, TABLE_SIZE);
	for (const [from, list] of WIDTHS[weight])
		list.forEach((width, index) => (widths[from + index] = width));
	// Chinese, Japanese, Korean: square. The rest: a guess.
	for (let code = TABLE_SIZE; code < 0x10000; code++)
		if (widths[code] === 0) widths[code] = code >= 0x2e80 && code < 0xd800 ? 1000 : UNKNOWN;
	for (let code = 0x2600; code < 0x2800; code++) widths[code] = 1250;
	for (const zero of [0x200b, 0x200d, 0xfe0e, 0xfe0f, 0x20e3]) widths[zero] = 0;
	for (let code = 0x300; code < 0x370; code++) widths[code] = 0;
	for (let code = 0xd800; code < 0xdc00; code++) widths[code] = 1250;
	for (let code = 0xdc00; code < 0xe000; code++) widths[code] = 0;
	return widths;
}

/** Width in pixels, without kerning. */
export function measure(text: string, size: number, weight: Weight): number {
	const widths = tables[weight];
	let sum = 0;
	for (let index = 0; index < text.length; index++)
		sum += widths[text.charCodeAt(index)] ?? UNKNOWN;
	return (sum * size) / 1000;
}

/** Where the base line lies under the top of a line. */
export function baseline(lineHeight: number, size: number): number {
	return (lineHeight + (ASCENT - DESCENT) * size) / 2;
}

// Control characters, what XML has no place for, and all that changes the direction of text.
const UNSAFE =
	// eslint-disable-next-line no-control-regex -- these are the ones to remove
	/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\uffff]|\p{Cs}|\p{Co}/gu;
const MARKS = /(\p{M}{3})\p{M}{1,200}/gu;

/** Text that can be shown: no control or direction characters, no towers of marks; line breaks stay. */
export function clean(text: string, limit: number): string {
	const cut = text.length > limit ? text.slice(0, limit) : text;
	return isSafe(cut) ? cut : cut.replace(UNSAFE, '').replace(MARKS, '$1');
}

/** Quick yes for Latin text, common signs and emoji; all else is looked at in full. */
function isSafe(text: string): boolean {
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (code < 0x7f) {
			if (code < 0x20 && code !== 0x0a) return false;
			continue;
		}
		if (code < 0xa0 || code === 0xad) return false;
		if (code < 0x300 || (code > 0x206f && code < 0xd800) || code === 0xfe0f) continue;
		if (code >= 0x2010 && code < 0x2028) continue;
		if (code >= 0xd83c && code <= 0xd83e) {
			const next = text.charCodeAt(index + 1);
			if (next < 0xdc00 || next > 0xdfff) return false;
			index++;
			continue;
		}
		return false;
	}
	return true;
}

/** The same on one line. */
export function cleanLine(text: string, limit: number): string {
	const cleaned = clean(text, limit);
	return /\s\s|[\t\n\r\u00a0\u3000]|^ | $/.test(cleaned)
		? cleaned.replace(/\s+/g, ' ').trim()
		: cleaned;
}

const SPECIAL = /[&<>"]/;

export function escape(text: string): string {
	if (!SPECIAL.test(text)) return text;
	return text
		.replaceAll('&', '&amp;')
		.replaceAll('<', '&lt;')
		.replaceAll('>', '&gt;')
		.replaceAll('"', '&quot;');
}

/** The text, or as much of it as fits with an ellipsis. */
export function fit(text: string, width: number, size: number, weight: Weight): string {
	if (measure(text, size, weight) <= width) return text;
	return cutToFit(text, width, size, weight);
}

function cutToFit(text: string, width: number, size: number, weight: Weight): string {
	const widths = tables[weight];
	const room = ((width - measure(ELLIPSIS, size, weight)) * 1000) / size;
	let sum = 0;
	let end = 0;
	while (end < text.length) {
		sum += widths[text.charCodeAt(end)] ?? UNKNOWN;
		if (sum > room) break;
		end++;
	}
	return text.slice(0, wholeCharacters(text, end)).trimEnd() + ELLIPSIS;
}

/** Breaks one line of text between words, inside words that are too long, into at most `lines` lines. */
export function wrap(
	text: string,
	room: { width: number; lines: number },
	size: number,
	weight: Weight,
): string[] {
	if (text === '') return [];
	if (measure(text, size, weight) <= room.width) return [text];
	const lines: string[] = [];
	let rest = text;
	while (rest !== '') {
		if (lines.length === room.lines - 1) {
			lines.push(fit(rest, room.width, size, weight));
			break;
		}
		const end = lineEnd(rest, room.width, size, weight);
		lines.push(rest.slice(0, end).trimEnd());
		rest = rest.slice(end).trimStart();
	}
	return lines;
}

/** Where the first line of a text that is too long ends: after the last word that fits, else inside it. */
export function lineEnd(text: string, width: number, size: number, weight: Weight): number {
	const widths = tables[weight];
	const room = (width * 1000) / size;
	let sum = 0;
	let space = 0;
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (code === 0x20) space = index + 1;
		sum += widths[code] ?? UNKNOWN;
		if (sum > room && code !== 0x20) {
			if (space > 0) return space;
			return Math.max(1, wholeCharacters(text, index));
		}
	}
	return text.length;
}

/** Not between the halves of a surrogate pair. */
function wholeCharacters(text: string, end: number): number {
	const code = text.charCodeAt(end - 1);
	return end > 1 && code >= 0xd800 && code < 0xdc00 ? end - 1 : end;
}

/** A number as SVG wants it: two decimals at most, never NaN. */
export function num(value: number): string {
	if ((value | 0) === value) return `${value}`;
	if (!Number.isFinite(value)) return '0';
	const rounded = Math.round(value * 100) / 100;
	return rounded === 0 ? '0' : String(rounded);
}
