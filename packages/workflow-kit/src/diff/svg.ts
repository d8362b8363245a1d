import { layOut, union } from '../draw/geometry.ts';
import type { Box, Layout } from '../draw/layout.ts';
import { Paint } from '../draw/paint.ts';
import { paintScene, type Mark, type Marks } from '../draw/scene.ts';
import { svgDocument, type DrawOptions } from '../draw/svg.ts';
import { cleanLine, escape, num } from '../draw/text.ts';
import { themeOf } from '../draw/theme.ts';
import type { Workflow } from '../model/model.ts';
import { diffWorkflows } from './diff.ts';

const MARGIN = 32;
const HEAD = 72;
const GAP = 48;

/**
 * Before and after in one picture, at the same places: what was removed is red in the first, what
 * was added green in the second, what was changed amber in both.
 */
export function diffSvg(before: Workflow, after: Workflow, options: DrawOptions = {}): string {
	const diff = diffWorkflows(before, after);
	const theme = themeOf(options.theme ?? 'light');
	const left = layOut(before);
	const right = layOut(after);
	const paint = new Paint(theme);
	const bounds = union([left.bounds, right.bounds]);
	const room = {
		width: bounds.width + 2 * MARGIN,
		height: bounds.height + 2 * MARGIN + HEAD,
	};
	const sideBySide = room.height > room.width * 0.8;
	const oldIndexes = new Map(before.nodes.map(({ name, index }) => [name, index]));
	const changed = diff.changed.map(({ name, renamedFrom }) => oldIndexes.get(renamedFrom ?? name));
	const panels: { title: string; layout: Layout; marks: Marks; at: { x: number; y: number } }[] = [
		{
			title: 'Before',
			layout: left,
			marks: {
				nodes: new Map([
					...changed.flatMap((index) => (index === undefined ? [] : [mark(index, 'changed')])),
					...diff.removed.map(({ index }) => mark(index, 'removed')),
				]),
				edges: new Map(diff.disconnected.map(({ pointer }) => [pointer, 'removed'])),
			},
			at: { x: 0, y: 0 },
		},
		{
			title: 'After',
			layout: right,
			marks: {
				nodes: new Map([
					...diff.changed.map(({ index }) => mark(index, 'changed')),
					...diff.added.map(({ index }) => mark(index, 'added')),
				]),
				edges: new Map(diff.connected.map(({ pointer }) => [pointer, 'added'])),
			},
			at: sideBySide ? { x: room.width + GAP, y: 0 } : { x: 0, y: room.height + GAP },
		},
	];
	for (const { title, layout, marks, at } of panels) {
		heading(paint, title, at, panelLegend(title, diff));
		frame(paint, { ...at, ...room });
		const dx = at.x + MARGIN - bounds.x;
		const dy = at.y + HEAD + MARGIN - bounds.y;
		paint.add(`<g transform="translate(${num(dx)} ${num(dy)})">`);
		// Lines get their strength from how wide the whole picture is.
		paintScene(
			paint,
			{ ...layout, bounds: { ...bounds, width: sideBySide ? 2 * room.width : room.width } },
			marks,
		);
		paint.add('</g>');
	}
	const view = {
		x: -MARGIN,
		y: -MARGIN,
		width: (sideBySide ? 2 * room.width + GAP : room.width) + 2 * MARGIN,
		height: (sideBySide ? room.height : 2 * room.height + GAP) + 2 * MARGIN,
	};
	const name = cleanLine(diff.name.after, 200);
	return svgDocument(paint, view, {
		title: `${name === '' ? 'Workflow' : name}: before and after`,
		background: options.background ?? 'canvas',
	});
}

function mark(index: number, kind: Mark): [number, Mark] {
	return [index, kind];
}

function panelLegend(title: string, diff: ReturnType<typeof diffWorkflows>): [Mark, string][] {
	const changed: [Mark, string][] =
		diff.changed.length > 0 ? [['changed', `${diff.changed.length} changed`]] : [];
	const own = title === 'Before' ? diff.removed.length : diff.added.length;
	const kind: Mark = title === 'Before' ? 'removed' : 'added';
	return own > 0 ? [[kind, `${own} ${kind}`], ...changed] : changed;
}

function heading(
	paint: Paint,
	title: string,
	at: { x: number; y: number },
	legend: [Mark, string][],
): void {
	const { theme } = paint;
	paint.add(
		`<text x="${num(at.x + MARGIN)}" y="${num(at.y + 46)}" font-size="28" font-weight="600" fill="${theme.text}">${escape(title)}</text>`,
	);
	let x = at.x + MARGIN + 130;
	for (const [kind, text] of legend) {
		paint.add(
			`<rect x="${num(x)}" y="${num(at.y + 26)}" width="20" height="20" rx="5" fill="${theme[kind]}" fill-opacity=".25" stroke="${theme[kind]}" stroke-width="2"/>` +
				`<text x="${num(x + 30)}" y="${num(at.y + 43)}" font-size="20" fill="${theme.text}">${text}</text>`,
		);
		x += 190;
	}
}

function frame(paint: Paint, { x, y, width, height }: Box): void {
	paint.add(
		`<rect x="${num(x + 0.5)}" y="${num(y + 0.5)}" width="${num(width - 1)}" height="${num(height - 1)}" rx="12" fill="none" stroke="${paint.theme.nodeBorder}"/>`,
	);
}
