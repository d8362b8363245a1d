import { colourOf } from './geometry.ts';
import type { PlacedSticky } from './layout.ts';
import { readMarkdown } from './markdown.ts';
import { NoteWriter } from './note-writer.ts';
import type { Paint } from './paint.ts';
import { num } from './text.ts';
import type { Theme } from './theme.ts';

const HEX = /^#[0-9a-f]{6}$/i;

/** A sticky note with as much of its text as fits. */
export function paintSticky(paint: Paint, { node, box }: PlacedSticky): void {
	const { theme } = paint;
	const { fill, border, text } = stickyColours(colourOf(node), theme);
	paint.add(
		`<rect x="${num(box.x + 0.5)}" y="${num(box.y + 0.5)}" width="${num(box.width - 1)}" height="${num(box.height - 1)}" rx="3.5" fill="${fill}" stroke="${border}"/>`,
	);
	const content = node.parameters['content'];
	if (typeof content !== 'string' || content === '') return;
	const bottom = box.y + box.height - 2;
	const blocks = readMarkdown(content, Math.ceil(box.height / 16) + 2);
	if (blocks.length === 0) return;
	paint.add(`<g fill="${text}">`);
	const writer = new NoteWriter(paint, box, bottom, border);
	for (const block of blocks) {
		if (writer.y + 8 > bottom) break;
		writer.write(block);
	}
	paint.add('</g>');
}

function stickyColours(
	colour: string | number | undefined,
	theme: Theme,
): { fill: string; border: string; text: string } {
	if (typeof colour === 'string' && HEX.test(colour)) {
		const value = Number.parseInt(colour.slice(1), 16);
		const channels = [(value >> 16) & 255, (value >> 8) & 255, value & 255];
		const factor = theme.name === 'light' ? 0.8 : 1.8;
		const border = channels.map((one) => Math.min(255, Math.round(one * factor)));
		const [red, green, blue] = channels as [number, number, number];
		const light = red * 0.299 + green * 0.587 + blue * 0.114 > 128;
		return {
			fill: colour.toLowerCase(),
			border: `rgb(${border.join(',')})`,
			text: light ? '#2b2b2b' : '#f5f5f5',
		};
	}
	const index = typeof colour === 'number' ? colour : Number(colour ?? 1);
	const found = theme.stickies[index - 1] ?? theme.stickies[0];
	return {
		fill: found?.fill ?? '#fef9c2',
		border: found?.border ?? '#fff085',
		text: theme.stickyText,
	};
}
