import type { Box, PlacedNode, PlacedPort } from './layout.ts';
import { NODE_SIZE, PORT_RADIUS, SUB_NODE_SIZE } from './layout.ts';
import { badge, iconOf } from './icons.ts';
import type { Paint } from './paint.ts';
import { subtitleOf } from './subtitle.ts';
import { baseline, cleanLine, escape, fit, measure, num, wrap } from './text.ts';

const RADIUS = 8;
const TRIGGER_RADIUS = 36;
const NAME = { size: 16, line: 20, gap: 7 };
const SUBTITLE = { size: 13, line: 16.25, gap: 4 };
const LABEL = { size: 12, height: 12, gap: 12, max: 96 };
const MAX_NAME = 400;
/** Letters stand a little closer than the sum of their widths: kerning. */
const KERNING = 1.015;

/** The box of a node with its icon, name and badges; ports come later, over the edges. */
export function paintNode(paint: Paint, placed: PlacedNode, portColour: string): void {
	const { node, box } = placed;
	const { theme } = paint;
	const name = cleanLine(node.name, MAX_NAME);
	paint.add(`<g><title>${escape(name)}</title>`);
	paintBox(paint, placed);
	const icon = iconOf(node.type, theme);
	const colour = node.disabled ? { colour: theme.name === 'light' ? '#a3a3a3' : '#6b6b6b' } : {};
	const middle = box.y + box.height / 2;
	if (placed.configurable) {
		const size = placed.configuration ? 30 : 40;
		paint.icon(icon, { x: box.x + 39.5, y: middle, size, ...colour });
		const left = placed.configuration ? 73 : 79.5;
		const right = placed.configuration ? 13 : 17;
		const lines = wrap(name, { width: box.width - left - right, lines: 2 }, NAME.size, 500);
		if (node.disabled) lines.push('(Deactivated)');
		const top = middle - (lines.length * NAME.line) / 2;
		lines.forEach((line, index) =>
			text(paint, line, {
				x: box.x + left,
				y: top + index * NAME.line + baseline(NAME.line, NAME.size),
				anchor: 'start',
			}),
		);
	} else {
		const size = placed.configuration ? 30 : 40;
		paint.icon(icon, { x: box.x + box.width / 2, y: middle, size, ...colour });
		paintName(paint, placed, name);
	}
	if (node.disabled && isStraight(placed))
		paint.add(
			`<path d="M${num(box.x - 3)} ${num(middle)}h${num(box.width + 10)}" stroke="${theme.strike}" stroke-width="2"/>`,
		);
	if (placed.trigger) paint.icon(badge('bolt', theme), { x: box.x - 24, y: middle - 1, size: 18 });
	paintBadges(paint, placed);
	for (const port of placed.outputs) paintPort(paint, port, portColour);
	for (const port of placed.inputs) paintPort(paint, port, portColour);
	paint.add('</g>');
}

function paintBox(paint: Paint, { node, box, trigger, configuration }: PlacedNode): void {
	const { theme } = paint;
	const border = node.disabled ? theme.disabledBorder : theme.nodeBorder;
	const { x, y, width, height } = box;
	const radius = configuration ? height / 2 : RADIUS;
	if (!trigger) {
		paint.add(
			`<rect x="${num(x + 1)}" y="${num(y + 1)}" width="${num(width - 2)}" height="${num(height - 2)}" rx="${num(radius - 1)}" fill="${theme.node}"/>` +
				`<rect x="${num(x + 0.5)}" y="${num(y + 0.5)}" width="${num(width - 1)}" height="${num(height - 1)}" rx="${num(radius - 0.5)}" fill="none" stroke="${border}"/>`,
		);
		return;
	}
	paint.add(
		`<path d="${cornered(box, 1)}" fill="${theme.node}"/><path d="${cornered(box, 0.5)}" fill="none" stroke="${border}"/>`,
	);
}

/** A box with the round left side of a trigger. */
export function cornered({ x, y, width, height }: Box, inset: number): string {
	const left = Math.min(TRIGGER_RADIUS, height / 2) - inset;
	const right = RADIUS - inset;
	const [w, h] = [width - 2 * inset, height - 2 * inset];
	return (
		`M${num(x + inset + left)} ${num(y + inset)}h${num(w - left - right)}a${right} ${right} 0 0 1 ${right} ${right}` +
		`v${num(h - 2 * right)}a${right} ${right} 0 0 1 ${-right} ${right}h${num(-(w - left - right))}` +
		`a${left} ${left} 0 0 1 ${-left} ${-left}v${num(-(h - 2 * left))}a${left} ${left} 0 0 1 ${left} ${-left}z`
	);
}

/** Name, "(Deactivated)" and what it does, under the box. */
function paintName(paint: Paint, { node, box, configuration }: PlacedNode, name: string): void {
	const size = configuration ? SUB_NODE_SIZE : NODE_SIZE;
	const x = box.x + box.width / 2;
	let y = box.y + box.height + NAME.gap;
	for (const line of wrap(name, { width: size * 2 * KERNING, lines: 2 }, NAME.size, 500)) {
		text(paint, line, { x, y: y + baseline(NAME.line, NAME.size), anchor: 'middle' });
		y += NAME.line;
	}
	if (node.disabled) {
		y += SUBTITLE.gap;
		text(paint, '(Deactivated)', { x, y: y + baseline(NAME.line, NAME.size), anchor: 'middle' });
		y += NAME.line;
	}
	const subtitle = subtitleOf(node);
	if (subtitle === '') return;
	y += SUBTITLE.gap;
	const line = fit(subtitle, size * 2, SUBTITLE.size, 400);
	paint.add(
		`<text x="${num(x)}" y="${num(y + baseline(SUBTITLE.line, SUBTITLE.size))}" font-size="${SUBTITLE.size}" text-anchor="middle" fill="${paint.theme.subtitle}">${escape(line)}</text>`,
	);
}

function text(
	paint: Paint,
	line: string,
	at: { x: number; y: number; anchor: 'start' | 'middle' },
): void {
	const anchor = at.anchor === 'start' ? '' : ' text-anchor="middle"';
	paint.add(
		`<text x="${num(at.x)}" y="${num(at.y)}" font-size="${NAME.size}" font-weight="500"${anchor}>${escape(line)}</text>`,
	);
}

/** Settings that change how the node runs, in its upper right corner. */
function paintBadges(paint: Paint, { node, box, configuration }: PlacedNode): void {
	const { source } = node;
	const { theme } = paint;
	const badges = [
		...(source['alwaysOutputData'] === true ? [badge('output', theme)] : []),
		...(source['executeOnce'] === true ? [badge('once', theme)] : []),
		...(source['retryOnFail'] === true ? [badge('retry', theme)] : []),
		...(node.onError === 'continueRegularOutput' ||
		node.onError === 'continueErrorOutput' ||
		source['continueOnFail'] === true
			? [badge('continue', theme)]
			: []),
	];
	if (configuration) return;
	badges
		.reverse()
		.forEach((icon, index) =>
			paint.icon(icon, { x: box.x + box.width - 17 - index * 21, y: box.y + 17, size: 13 }),
		);
}

function isStraight({ inputs, outputs }: PlacedNode): boolean {
	return (
		inputs.length === 1 &&
		outputs.length === 1 &&
		inputs[0]?.type === 'main' &&
		outputs[0]?.type === 'main'
	);
}

function paintPort(paint: Paint, port: PlacedPort, colour: string): void {
	const { theme } = paint;
	if (port.type === 'main')
		paint.add(
			`<circle cx="${num(port.x)}" cy="${num(port.y)}" r="${PORT_RADIUS - 0.5}" fill="${theme.node}" stroke="${colour}"/>`,
		);
	else
		paint.add(
			`<path d="M${num(port.x)} ${num(port.y - 8.3)}l8.300 8.300-8.300 8.300-8.300-8.300z" fill="${theme.node}" stroke="${colour}"/>`,
		);
}

/** Labels of ports lie on the edges, with a back that lets them shimmer through. */
export function paintLabels(paint: Paint, { inputs, outputs }: PlacedNode): void {
	for (const port of outputs) {
		if (port.label === '') continue;
		if (port.type === 'main')
			label(paint, port, { x: port.x + PORT_RADIUS + LABEL.gap, y: port.y, anchor: 'start' });
		else label(paint, port, { x: port.x, y: port.y - 26, anchor: 'middle' });
	}
	for (const port of inputs) {
		if (port.label === '') continue;
		if (port.type === 'main')
			label(paint, port, {
				x: port.x - PORT_RADIUS - LABEL.gap,
				y: port.y,
				anchor: 'end',
				fill: paint.theme.inputLabel,
			});
		else label(paint, port, { x: port.x, y: port.y + 22, anchor: 'middle' });
	}
}

function label(
	paint: Paint,
	port: PlacedPort,
	at: { x: number; y: number; anchor: 'start' | 'middle' | 'end'; fill?: string },
): void {
	const { theme } = paint;
	const line = fit(cleanLine(port.label, 200), LABEL.max, LABEL.size, 400);
	if (line === '') return;
	const star = port.required ? `<tspan fill="${theme.removed}">*</tspan>` : '';
	const width = measure(line, LABEL.size, 400) + (star === '' ? 0 : 7);
	const left = at.anchor === 'start' ? at.x : at.anchor === 'end' ? at.x - width : at.x - width / 2;
	const anchor = at.anchor === 'start' ? '' : ` text-anchor="${at.anchor}"`;
	paint.add(
		`<rect x="${num(left - 1)}" y="${num(at.y - LABEL.height / 2)}" width="${num(width + 2)}" height="${LABEL.height}" rx="2" fill="${theme.labelBack}"/>` +
			`<text x="${num(at.x)}" y="${num(at.y + 4.3)}" font-size="${LABEL.size}"${anchor} fill="${at.fill ?? theme.portLabel}">${escape(line)}${star}</text>`,
	);
}
