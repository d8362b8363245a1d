import { readInline, type Run } from './markdown-inline.ts';
import { clean } from './text.ts';

/**
 * The part of Markdown that sticky notes are written in, as plain data: nothing of it can become
 * markup, a link or a remote picture. A scanner with bounded work for each character.
 */
export type Block =
	| { kind: 'heading'; level: number; lines: Run[][] }
	| { kind: 'text'; lines: Run[][] }
	| { kind: 'item'; depth: number; marker: string; lines: Run[][] }
	| { kind: 'quote'; lines: Run[][] }
	| { kind: 'code'; lines: string[] }
	| { kind: 'table'; rows: Run[][][] }
	| { kind: 'picture'; video: boolean; alt: string }
	| { kind: 'rule' };

const MAX_TEXT = 20_000;
const MAX_LINE = 2_000;
const MAX_CELLS = 12;

/** @param maxLines  lines with text that can be visible; the rest is not looked at */
export function readMarkdown(source: string, maxLines: number): Block[] {
	const lines = clean(normal(source.slice(0, MAX_TEXT)), MAX_TEXT).split('\n');
	const blocks: Block[] = [];
	let open: Block | undefined;
	let fence = '';
	const begin = (block: Block) => {
		blocks.push(block);
		open = block;
	};
	let seen = 0;
	for (const given of lines) {
		if (seen > maxLines) break;
		const line = given.length > MAX_LINE ? given.slice(0, MAX_LINE) : given;
		const trimmed = line.trim();
		if (fence !== '') {
			if (trimmed.startsWith(fence)) {
				fence = '';
				open = undefined;
			} else if (open?.kind === 'code' && ++seen <= maxLines) open.lines.push(line);
			continue;
		}
		if (trimmed === '') {
			open = undefined;
			continue;
		}
		seen++;
		if (trimmed.startsWith('```') || trimmed.startsWith('~~~')) {
			fence = trimmed.slice(0, 3);
			begin({ kind: 'code', lines: [] });
			continue;
		}
		const underline = open?.kind === 'text' ? underlineLevel(trimmed) : 0;
		if (underline > 0 && open?.kind === 'text') {
			blocks[blocks.length - 1] = { kind: 'heading', level: underline, lines: open.lines };
			open = undefined;
			continue;
		}
		const heading = headingLevel(trimmed);
		if (heading > 0) {
			const text = trimmed
				.slice(heading)
				.replace(/ #{1,6}$/, '')
				.trim();
			blocks.push({ kind: 'heading', level: heading, lines: [readInline(text)] });
			open = undefined;
			continue;
		}
		if (isRule(trimmed)) {
			blocks.push({ kind: 'rule' });
			open = undefined;
			continue;
		}
		const picture = pictureOf(trimmed);
		if (picture !== undefined) {
			blocks.push(picture);
			open = undefined;
			continue;
		}
		if (trimmed.startsWith('|')) {
			if (open?.kind !== 'table') begin({ kind: 'table', rows: [] });
			if (open?.kind === 'table' && !isDivider(trimmed)) open.rows.push(cells(trimmed));
			continue;
		}
		const item = readItem(line);
		if (item !== undefined) {
			begin(item);
			continue;
		}
		if (trimmed.startsWith('>')) {
			const text = readInline(trimmed.replace(/^>\s?/, ''));
			if (open?.kind === 'quote') open.lines.push(text);
			else begin({ kind: 'quote', lines: [text] });
			continue;
		}
		const text = readInline(trimmed);
		if (text.length === 0) continue;
		if (open?.kind === 'text' || open?.kind === 'item' || open?.kind === 'quote')
			open.lines.push(text);
		else begin({ kind: 'text', lines: [text] });
	}
	return blocks;
}

function normal(source: string): string {
	return /[\r\t]/.test(source) ? source.replaceAll('\r', '').replaceAll('\t', '    ') : source;
}

function headingLevel(line: string): number {
	let level = 0;
	while (line[level] === '#' && level < 7) level++;
	if (level === 0 || level > 6) return 0;
	return line.length === level || line[level] === ' ' ? level : 0;
}

/** A row of = or - under a text makes it a heading. */
function underlineLevel(line: string): number {
	const [mark] = line;
	if (mark !== '=' && mark !== '-') return 0;
	for (const character of line) if (character !== mark) return 0;
	return mark === '=' ? 1 : 2;
}

function isRule(line: string): boolean {
	if (line.length < 3) return false;
	const [mark] = line;
	if (mark !== '-' && mark !== '*' && mark !== '_') return false;
	let marks = 0;
	for (const character of line) {
		if (character === mark) marks++;
		else if (character !== ' ') return false;
	}
	return marks >= 3;
}

function pictureOf(line: string): Block | undefined {
	if (!line.endsWith(')') && !line.startsWith('<img')) return undefined;
	if (line.startsWith('<img')) return { kind: 'picture', video: false, alt: '' };
	const video = line.startsWith('@[youtube](');
	const start = line.startsWith('[![') ? 3 : line.startsWith('![') ? 2 : 0;
	if (!video && start === 0) return undefined;
	const end = line.indexOf('](', start);
	if (end < 0) return undefined;
	return { kind: 'picture', video, alt: video ? '' : line.slice(start, end) };
}

function isDivider(line: string): boolean {
	for (const character of line) if (!'|-: '.includes(character)) return false;
	return true;
}

function cells(line: string): Run[][] {
	const inner = line.replace(/^\|/, '').replace(/\|$/, '');
	return inner.split('|', MAX_CELLS).map((cell) => readInline(cell.trim()));
}

function readItem(line: string): Block | undefined {
	let indent = 0;
	while (line[indent] === ' ') indent++;
	const rest = line.slice(indent);
	const first = rest.charCodeAt(0);
	// - * + or a digit
	if (first !== 0x2d && first !== 0x2a && first !== 0x2b && !(first >= 48 && first <= 57))
		return undefined;
	let digits = 0;
	while (digits < 9 && rest.charCodeAt(digits) >= 48 && rest.charCodeAt(digits) <= 57) digits++;
	let marker: string;
	let text: string;
	if (digits > 0 && (rest[digits] === '.' || rest[digits] === ')') && rest[digits + 1] === ' ') {
		marker = `${rest.slice(0, digits)}.`;
		text = rest.slice(digits + 2).trim();
	} else if ((rest[0] === '-' || rest[0] === '*' || rest[0] === '+') && rest[1] === ' ') {
		marker = '';
		text = rest.slice(2).trim();
	} else return undefined;
	if (text.startsWith('[ ] ') || /^\[[xX]\] /.test(text)) {
		marker = text[1] === ' ' ? '[ ]' : '[x]';
		text = text.slice(4);
	}
	return {
		kind: 'item',
		depth: Math.min(4, Math.floor(indent / 2)),
		marker,
		lines: [readInline(text)],
	};
}
