import type { Box, Layout, PlacedEdge, PlacedGroup } from './layout.ts';
import { cornered, paintLabels, paintNode } from './node.ts';
import type { Paint } from './paint.ts';
import { paintSticky } from './sticky.ts';
import { baseline, cleanLine, escape, fit, num } from './text.ts';
import { lineColours } from './theme.ts';

export type Mark = 'added' | 'removed' | 'changed';

/** What is emphasised, for pictures of differences. */
export interface Marks {
	/** By the index of the node in the workflow. */
	nodes: ReadonlyMap<number, Mark>;
	/** By the pointer of the edge. */
	edges: ReadonlyMap<string, Mark>;
}

const NO_MARKS: Marks = { nodes: new Map(), edges: new Map() };

/** Paints a layout: notes, groups, edges, nodes, labels of ports, from below to above. */
export function paintScene(paint: Paint, layout: Layout, marks: Marks = NO_MARKS): void {
	const colours = lineColours(paint.theme, layout.bounds.width);
	for (const sticky of layout.stickies) {
		paintSticky(paint, sticky);
		paintMark(paint, sticky.box, marks.nodes.get(sticky.node.index), 4);
	}
	for (const group of layout.groups) paintGroup(paint, group);
	paintEdges(paint, layout.edges, colours.edge, marks);
	paint.add(`<g fill="${paint.theme.text}">`);
	for (const node of layout.nodes) {
		const mark = marks.nodes.get(node.node.index);
		if (mark !== undefined)
			paintMark(paint, node.box, mark, node.configuration ? node.box.height / 2 : 8, node.trigger);
		paintNode(paint, node, colours.port);
	}
	paint.add('</g>');
	for (const node of layout.nodes) paintLabels(paint, node);
}

function paintEdges(
	paint: Paint,
	edges: readonly PlacedEdge[],
	colour: string,
	marks: Marks,
): void {
	if (edges.length === 0) return;
	let heads = '';
	paint.add(`<g fill="none" stroke="${colour}" stroke-width="2" stroke-linecap="square">`);
	for (const { edge, path } of edges) {
		const mark = marks.edges.get(edge.pointer);
		const stroke = mark === undefined ? '' : ` stroke="${paint.theme[mark]}" stroke-width="3"`;
		const dashes = edge.sourceType === 'main' ? '' : ' stroke-dasharray="5 6"';
		for (const segment of path.segments) paint.add(`<path d="${segment}"${stroke}${dashes}/>`);
		const fill =
			mark === undefined ? '' : ` fill="${paint.theme[mark]}" stroke="${paint.theme[mark]}"`;
		for (const { x, y, direction } of path.arrows) {
			if (edge.targetType !== 'main') continue;
			const back = -6.25 * direction;
			heads += `<path d="M${num(x)} ${num(y)}l${back} -5v10z"${fill}/>`;
		}
	}
	paint.add('</g>');
	paint.add(
		`<g fill="${colour}" stroke="${colour}" stroke-width="2.5" stroke-linejoin="round">${heads}</g>`,
	);
}

function paintGroup(paint: Paint, { group, title, frame }: PlacedGroup): void {
	const { theme } = paint;
	const right = title.x + title.width;
	paint.add(
		`<path d="M${num(frame.x)} ${num(frame.y)}h${num(frame.width)}v${num(frame.height - 8)}a8 8 0 0 1-8 8h${num(16 - frame.width)}a8 8 0 0 1-8-8z" fill="${theme.groupFrame}"/>` +
			`<path d="M${num(title.x + 0.5)} ${num(title.y + title.height - 0.5)}v${num(8 - title.height)}a7.500 7.500 0 0 1 7.500-7.500H${num(right - 8)}a7.500 7.500 0 0 1 7.500 7.500v${num(title.height - 8)}z" fill="${theme.groupTitle}" stroke="${theme.nodeBorder}"/>`,
	);
	const name = fit(cleanLine(group.name, 200), title.width - 100, 16, 500);
	paint.add(
		`<text x="${num(title.x + 25)}" y="${num(title.y + 38 + baseline(20, 16))}" font-size="16" font-weight="500" fill="${theme.text}">${escape(name)}</text>`,
	);
}

function paintMark(
	paint: Paint,
	box: Box,
	mark: Mark | undefined,
	radius: number,
	trigger = false,
): void {
	if (mark === undefined) return;
	const colour = paint.theme[mark];
	const dash = mark === 'removed' ? ' stroke-dasharray="7 5"' : '';
	if (trigger) {
		paint.add(
			`<path d="${cornered(box, -4)}" fill="${colour}" fill-opacity=".18" stroke="${colour}" stroke-width="3"${dash}/>`,
		);
		return;
	}
	paint.add(
		`<rect x="${num(box.x - 4)}" y="${num(box.y - 4)}" width="${num(box.width + 8)}" height="${num(box.height + 8)}" rx="${num(radius + 4)}" fill="${colour}" fill-opacity=".18" stroke="${colour}" stroke-width="3"${dash}/>`,
	);
}
