import type { Edge, NodeGroup, Workflow, WorkflowNode } from '../model/model.ts';
import { isObject, type Json } from '../model/json.ts';
import { mainEdge, subNodeEdge } from './edge-path.ts';
import {
	FAR,
	GRID,
	PORT_RADIUS,
	snap,
	STICKY_TYPE,
	type Box,
	type Layout,
	type PlacedEdge,
	type PlacedGroup,
	type PlacedNode,
	type PlacedPort,
	type PlacedSticky,
} from './layout.ts';
import { countUses, NO_USES, placeNode, portIndex } from './place-node.ts';

const STICKY = { width: 240, height: 160, minWidth: 150, minHeight: 80 };
const GROUP = { x: 56, y: 40, below: 96, title: 96 };

/** Lays out a workflow as n8n's editor shows it. Never throws; the work grows with nodes and edges. */
export function layOut(workflow: Workflow): Layout {
	const uses = countUses(workflow);
	const nodes: PlacedNode[] = [];
	const stickies: PlacedSticky[] = [];
	const byName = new Map<string, PlacedNode>();
	for (const node of workflow.nodes) {
		if (node.type === STICKY_TYPE) {
			stickies.push({ node, box: stickyBox(node) });
			continue;
		}
		const placed = placeNode(
			node,
			byName.has(node.name) ? NO_USES : (uses.get(node.name) ?? NO_USES),
		);
		nodes.push(placed);
		if (!byName.has(node.name)) byName.set(node.name, placed);
	}
	stickies.sort((a, b) => b.box.width * b.box.height - a.box.width * a.box.height);
	const edges: PlacedEdge[] = [];
	for (const edge of workflow.edges) {
		const placed = placeEdge(edge, byName);
		if (placed !== undefined) edges.push(placed);
	}
	const groups = workflow.groups.flatMap((group) => placeGroup(group, byName) ?? []);
	return { nodes, stickies, edges, groups, bounds: boundsOf(nodes, stickies, edges, groups) };
}

function stickyBox(node: WorkflowNode): Box {
	return {
		x: snap(node.position[0]),
		y: snap(node.position[1]),
		width: stickySize(node.parameters['width'], STICKY.width, STICKY.minWidth),
		height: stickySize(node.parameters['height'], STICKY.height, STICKY.minHeight),
	};
}

function stickySize(value: Json | undefined, byDefault: number, least: number): number {
	const size = typeof value === 'string' ? Number.parseFloat(value) : value;
	if (typeof size !== 'number' || !Number.isFinite(size)) return byDefault;
	return Math.min(FAR, Math.max(least, size));
}

function placeEdge(edge: Edge, nodes: ReadonlyMap<string, PlacedNode>): PlacedEdge | undefined {
	const from = nodes.get(edge.source)?.outputs.find(portOf(edge.sourceType, edge.sourceIndex));
	const to = nodes.get(edge.target)?.inputs.find(portOf(edge.targetType, edge.targetIndex));
	if (from === undefined || to === undefined) return undefined;
	const path =
		from.type === 'main'
			? mainEdge(
					{ x: from.x + PORT_RADIUS, y: from.y },
					to.type === 'main'
						? { x: to.x - PORT_RADIUS, y: to.y }
						: { x: to.x, y: to.y + PORT_RADIUS },
				)
			: subNodeEdge(
					{ x: from.x, y: from.y - PORT_RADIUS },
					to.type === 'main'
						? { x: to.x - PORT_RADIUS, y: to.y }
						: { x: to.x, y: to.y + PORT_RADIUS },
				);
	return { edge, path };
}

function portOf(type: string, index: number): (port: PlacedPort) => boolean {
	const at = portIndex(index);
	return (port) => port.type === type && port.index === at;
}

function placeGroup(
	group: NodeGroup,
	nodes: ReadonlyMap<string, PlacedNode>,
): PlacedGroup | undefined {
	const boxes = group.nodes.flatMap((name) => nodes.get(name)?.box ?? []);
	if (boxes.length === 0) return undefined;
	const around = union(boxes);
	const grid = (value: number) => Math.round(value / GRID) * GRID;
	const x = grid(around.x - GROUP.x);
	const y = grid(around.y - GROUP.y);
	const width = grid(around.x + around.width + GROUP.x) - x;
	return {
		group,
		title: { x, y: y - GROUP.title, width, height: GROUP.title },
		frame: { x, y, width, height: grid(around.y + around.height + GROUP.below) - y },
	};
}

/** Room that a node's name and the labels of its ports take around its box. */
const AROUND = { side: 48, above: 40, below: 72, longOutput: 120 };

function boundsOf(
	nodes: PlacedNode[],
	stickies: PlacedSticky[],
	edges: PlacedEdge[],
	groups: PlacedGroup[],
): Box {
	const boxes = [
		...stickies.map(({ box }) => box),
		...groups.flatMap(({ title, frame }) => [title, frame]),
	];
	for (const { box, outputs } of nodes) {
		const right = outputs.some(({ label }) => label !== '') ? AROUND.longOutput : AROUND.side;
		boxes.push({
			x: box.x - AROUND.side,
			y: box.y - AROUND.above,
			width: box.width + AROUND.side + right,
			height: box.height + AROUND.above + AROUND.below,
		});
	}
	for (const { path } of edges) {
		const [low, high] = path.extent;
		boxes.push({ x: low.x, y: low.y, width: high.x - low.x, height: high.y - low.y });
	}
	return union(boxes);
}

export function union(boxes: readonly Box[]): Box {
	if (boxes.length === 0) return { x: 0, y: 0, width: 320, height: 160 };
	let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
	for (const { x, y, width, height } of boxes) {
		if (x < left) left = x;
		if (y < top) top = y;
		if (x + width > right) right = x + width;
		if (y + height > bottom) bottom = y + height;
	}
	return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Of a node's parameter, when it is text or a number. */
export function colourOf(node: WorkflowNode): string | number | undefined {
	const value = node.parameters['color'];
	if (value === undefined || value === null || isObject(value) || Array.isArray(value))
		return undefined;
	return typeof value === 'boolean' ? undefined : value;
}
