import type { Box } from './layout.ts';
import type { Block } from './markdown.ts';
import type { Run } from './markdown-inline.ts';
import type { Paint } from './paint.ts';
import { baseline, escape, lineEnd, measure, num, type Weight } from './text.ts';
import type { Theme } from './theme.ts';

const PADDING = { x: 13, y: 9 };
const TEXT = { size: 14, line: 18.9, gap: 8 };
const ITEM = { line: 18.2, gap: 3.5, indent: 20 };
const HEADINGS = [
	{ size: 36, line: 48.6 },
	{ size: 24, line: 32.4 },
	{ size: 16, line: 21.6 },
	{ size: 16, line: 21.6 },
	{ size: 14, line: 18.9 },
	{ size: 14, line: 18.9 },
];
const CODE = { size: 14, advance: 0.602, padding: 16, blockSize: 16 };
const QUOTE_INDENT = 20;

interface Line {
	x: number;
	width: number;
	size: number;
	height: number;
	weight: Weight;
	italic: boolean;
}

/** Writes block under block until the note is full. */
export class NoteWriter {
	y: number;
	private readonly paint: Paint;
	private readonly x: number;
	private readonly width: number;
	private readonly bottom: number;
	private readonly border: string;
	private gap = 0;
	private lastWasItem = false;

	constructor(paint: Paint, box: Box, bottom: number, border: string) {
		this.paint = paint;
		this.x = box.x + PADDING.x;
		this.y = box.y + PADDING.y;
		this.width = Math.max(20, box.width - 2 * PADDING.x);
		this.bottom = bottom;
		this.border = border;
	}

	write(block: Block): void {
		const item = block.kind === 'item';
		this.y += item && this.lastWasItem ? ITEM.gap : this.gap;
		this.lastWasItem = item;
		this.gap = TEXT.gap;
		switch (block.kind) {
			case 'heading': {
				const { size, line } = HEADINGS[block.level - 1] ?? { size: TEXT.size, line: TEXT.line };
				this.lines(block.lines, { ...this.line(), size, height: line, weight: 600 });
				break;
			}
			case 'text':
				this.lines(block.lines, this.line());
				break;
			case 'quote': {
				const top = this.y;
				this.lines(block.lines, { ...this.line(QUOTE_INDENT), italic: true });
				this.paint.add(
					`<rect x="${num(this.x)}" y="${num(top)}" width="4" height="${num(this.y - top)}" fill="${this.border}"/>`,
				);
				break;
			}
			case 'item':
				this.item(block);
				break;
			case 'code':
				this.code(block.lines);
				break;
			case 'table':
				this.table(block.rows);
				break;
			case 'picture':
				this.picture(block);
				break;
			case 'rule':
				this.paint.add(
					`<path d="M${num(this.x)} ${num(this.y + 0.5)}h${num(this.width)}" stroke="${this.paint.theme.rule}"/>`,
				);
				this.y += 1;
		}
	}

	private line(indent = 0): Line {
		return {
			x: this.x + indent,
			width: Math.max(20, this.width - indent),
			size: TEXT.size,
			height: TEXT.line,
			weight: 400,
			italic: false,
		};
	}

	private lines(lines: Run[][], line: Line): void {
		for (const runs of lines) this.wrapped(runs, line);
	}

	/** One line of the source as one or more lines of the note. */
	private wrapped(runs: Run[], line: Line): void {
		let spans = '';
		let filled = 0;
		const end = () => {
			const text = spans;
			spans = '';
			filled = 0;
			if (text !== '' && this.y + line.height * 0.8 <= this.bottom) this.text(text, line);
			this.y += line.height;
		};
		for (const run of runs) {
			let rest = run.text;
			while (rest !== '') {
				if (this.y > this.bottom) return;
				const weight = run.bold ? 600 : line.weight;
				const width = run.code
					? rest.length * CODE.size * CODE.advance
					: measure(rest, line.size, weight);
				if (filled + width <= line.width) {
					spans += span(rest, run, line, this.paint.theme);
					filled += width;
					break;
				}
				let cut = run.code
					? codeEnd(rest, line.width - filled)
					: lineEnd(rest, line.width - filled, line.size, weight);
				// A word that fits on a line of its own is not broken at the end of this one.
				if (filled > 0 && !rest.slice(0, cut).includes(' ')) cut = 0;
				const part = rest.slice(0, cut).trimEnd();
				if (part !== '') spans += span(part, run, line, this.paint.theme);
				rest = rest.slice(cut).trimStart();
				if (rest === '') break;
				end();
			}
		}
		end();
	}

	private text(spans: string, line: Line): void {
		const weight = line.weight === 400 ? '' : ` font-weight="${line.weight}"`;
		const size = line.size === TEXT.size ? '' : ` font-size="${num(line.size)}"`;
		const style = line.italic ? ' font-style="italic"' : '';
		const y = this.y + baseline(line.height, line.size);
		this.paint.add(
			`<text x="${num(line.x)}" y="${num(y)}"${size}${weight}${style}>${spans}</text>`,
		);
	}

	private item(block: Extract<Block, { kind: 'item' }>): void {
		const indent = ITEM.indent * (block.depth + 1);
		const middle = this.y + ITEM.line / 2;
		const task = block.marker.startsWith('[');
		if (task) {
			const x = num(this.x + indent - 15.5);
			const checked = block.marker === '[x]';
			this.paint.add(
				`<rect x="${x}" y="${num(middle - 6)}" width="12" height="12" rx="2.5" fill="${checked ? '#ff6900' : 'none'}" stroke="${checked ? '#ff6900' : '#8a8a8a'}"/>`,
			);
			if (checked)
				this.paint.add(
					`<path d="M${num(this.x + indent - 12.5)} ${num(middle)}l2.5 2.5 4-5" fill="none" stroke="#fff" stroke-width="1.6"/>`,
				);
		} else if (block.marker === '') {
			const x = num(this.x + indent - 11.5);
			this.paint.add(
				block.depth === 0
					? `<circle cx="${x}" cy="${num(middle)}" r="2.6"/>`
					: `<circle cx="${x}" cy="${num(middle)}" r="2.2" fill="none" stroke="${this.paint.theme.stickyText}"/>`,
			);
		} else {
			const y = this.y + baseline(ITEM.line, TEXT.size);
			this.paint.add(
				`<text x="${num(this.x + indent - 4)}" y="${num(y)}" text-anchor="end">${escape(block.marker)}</text>`,
			);
		}
		this.lines(block.lines, { ...this.line(indent), height: ITEM.line });
	}

	private code(lines: string[]): void {
		const room = this.bottom - this.y;
		const height = Math.min(room, lines.length * CODE.blockSize + 2 * CODE.padding);
		const { theme } = this.paint;
		this.paint.add(
			`<rect x="${num(this.x)}" y="${num(this.y)}" width="${num(this.width)}" height="${num(height)}" rx="4" fill="${theme.codeBack}"/>`,
		);
		this.y += CODE.padding;
		const fits = Math.max(
			1,
			Math.floor((this.width - CODE.padding) / (CODE.blockSize * CODE.advance)),
		);
		for (const line of lines) {
			if (this.y + CODE.blockSize > this.bottom) break;
			const y = this.y + baseline(CODE.blockSize, CODE.blockSize);
			const text = escape(line.slice(0, fits)).replaceAll(' ', '\u00a0');
			if (text !== '')
				this.paint.add(
					`<text x="${num(this.x + CODE.padding)}" y="${num(y)}" font-size="${CODE.blockSize}" font-family="${MONO}" fill="${theme.code}">${text}</text>`,
				);
			this.y += CODE.blockSize;
		}
		this.y += CODE.padding;
		this.gap = 16;
	}

	private table(rows: Run[][][]): void {
		const count = Math.max(1, ...rows.map((row) => row.length));
		const width = this.width / count;
		rows.forEach((row, index) => {
			if (this.y > this.bottom) return;
			const top = this.y + (index === 0 ? 0 : 11.2);
			let low = top;
			row.forEach((cell, column) => {
				this.y = top;
				const line = this.line(column * width + (column === 0 ? 0 : 8.4));
				this.lines([cell], {
					...line,
					width: Math.max(20, width - 16.8),
					weight: index === 0 ? 600 : 400,
				});
				low = Math.max(low, this.y);
			});
			this.y = low + 11.2;
			if (this.y < this.bottom && index < rows.length - 1)
				this.paint.add(
					`<path d="M${num(this.x)} ${num(this.y + 0.5)}h${num(this.width)}" stroke="${this.paint.theme.rule}"/>`,
				);
			this.y += 1;
		});
	}

	/** Nothing is fetched: a picture is a frame with what it shows in words. */
	private picture({ video, alt }: Extract<Block, { kind: 'picture' }>): void {
		const width = Math.min(this.width, video ? 640 : 320);
		const height = Math.min((width * 9) / 16, this.bottom - this.y - 6);
		if (height < 24) {
			this.y = this.bottom;
			return;
		}
		const { theme } = this.paint;
		const [x, y] = [this.x, this.y];
		this.paint.add(
			`<rect x="${num(x + 0.5)}" y="${num(y + 0.5)}" width="${num(width - 1)}" height="${num(height - 1)}" rx="4" fill="${theme.codeBack}" stroke="${this.border}"/>`,
		);
		const [cx, cy] = [x + width / 2, y + height / 2];
		this.paint.add(
			video
				? `<path d="M${num(cx - 9)} ${num(cy - 11)}v22l19-11z" fill="${theme.subtitle}"/>`
				: `<path d="M${num(cx - 14)} ${num(cy + 9)}l9-11 6 7 4-4.5 8 8.500zM${num(cx + 5)} ${num(cy - 8)}a2.500 2.500 0 1 0 .01 0z" fill="${theme.subtitle}"/>`,
		);
		const room = width - 24;
		if (alt !== '' && height >= 64) {
			const text = alt.slice(0, lineEnd(alt.slice(0, 200), room, 12, 400));
			this.paint.add(
				`<text x="${num(cx)}" y="${num(y + height - 10)}" font-size="12" text-anchor="middle" fill="${theme.subtitle}">${escape(text)}</text>`,
			);
		}
		this.y += height;
	}
}

export const MONO = 'ui-monospace,Menlo,Consolas,monospace';

function codeEnd(text: string, width: number): number {
	return Math.max(1, Math.floor(width / (CODE.size * CODE.advance))) || text.length;
}

function span(text: string, run: Run, line: Line, theme: Theme): string {
	const attributes: string[] = [];
	if (run.code)
		attributes.push(`font-family="${MONO}" font-size="${CODE.size}" fill="${theme.code}"`);
	if (run.bold && line.weight !== 600) attributes.push('font-weight="600"');
	if (run.italic && !line.italic) attributes.push('font-style="italic"');
	if (run.link) attributes.push('text-decoration="underline"');
	else if (run.strike) attributes.push('text-decoration="line-through"');
	const escaped = escape(text);
	return attributes.length === 0 ? escaped : `<tspan ${attributes.join(' ')}>${escaped}</tspan>`;
}
