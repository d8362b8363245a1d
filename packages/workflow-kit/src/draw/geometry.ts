import type { Edge, NodeGroup, Workflow, WorkflowNode } from '../model/model.ts';
import { isObject, type Json } from '../model/json.ts';
import { mainEdge, subNodeEdge, type EdgePath, type Point } from './edge-path.ts';
import { declaredPorts, isTrigger, MAX_PORTS, type Port } from './ports.ts';

/**
 * Where n8n's editor puts everything, in pixels of its canvas at a zoom of 1 (measured in the editor
 * of n8n 2.41: test/editor). `position` is the top left corner.
 */
export interface Layout {
	nodes: PlacedNode[];
	/** In the order they are painted in: the largest first. */
	stickies: PlacedSticky[];
	edges: PlacedEdge[];
	groups: PlacedGroup[];
	/** Around everything, with labels. */
	bounds: Box;
}

export interface Box {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** configurable: has sub-nodes; configuration: is a sub-node; both at once is possible. */
export interface PlacedNode {
	node: WorkflowNode;
	box: Box;
	trigger: boolean;
	configurable: boolean;
	configuration: boolean;
	inputs: PlacedPort[];
	outputs: PlacedPort[];
}

/** x, y: the middle of the port. */
export interface PlacedPort extends Port, Point {
	/** Among the ports of the same type. */
	index: number;
}

export interface PlacedSticky {
	node: WorkflowNode;
	box: Box;
}

export interface PlacedEdge {
	edge: Edge;
	path: EdgePath;
}

/** An expanded group: a title over a frame around its nodes. */
export interface PlacedGroup {
	group: NodeGroup;
	title: Box;
	frame: Box;
}

export const STICKY_TYPE = 'n8n-nodes-base.stickyNote';
export const NODE_SIZE = 96;
export const SUB_NODE_SIZE = 80;
const GRID = 16;
const PORT_STEP = 2 * GRID;
const SUB_PORT_FIRST = 40;
const SUB_PORT_STEP = 3 * GRID;
const MIN_SUB_PORTS = 4;
/** Half a port: edges begin and end at its outer side. */
export const PORT_RADIUS = 8;
const STICKY = { width: 240, height: 160, minWidth: 150, minHeight: 80 };
/** Of coordinates and sizes; beyond it numbers lose their precision in renderers. */
const FAR = 100_000;
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

/**
 * The editor moves everything to its grid: right and down to the next line, except that what is left
 * of or above the origin goes to the nearest.
 */
export function snap(value: number): number {
	const near = Math.min(FAR, Math.max(-FAR, Number.isFinite(value) ? value : 0));
	const up = Math.ceil(near / GRID) * GRID;
	if (near > 0 || near === up) return up === 0 ? 0 : up;
	const down = up - GRID;
	return Math.abs(near - up) < Math.abs(near - down) ? (up === 0 ? 0 : up) : down;
}

/** Ports in use, per type. */
interface Uses {
	inputs: Map<string, Set<number>>;
	outputs: Map<string, Set<number>>;
}

const NO_USES: Uses = { inputs: new Map(), outputs: new Map() };

function countUses(workflow: Workflow): Map<string, Uses> {
	const uses = new Map<string, Uses>();
	for (const node of workflow.nodes)
		if (node.type !== STICKY_TYPE) uses.set(node.name, { inputs: new Map(), outputs: new Map() });
	for (const edge of workflow.edges) {
		const source = uses.get(edge.source);
		const target = uses.get(edge.target);
		if (source === undefined || target === undefined) continue;
		use(source.outputs, edge.sourceType, edge.sourceIndex);
		use(target.inputs, edge.targetType, edge.targetIndex);
	}
	return uses;
}

function use(ports: Map<string, Set<number>>, type: string, index: number): void {
	const used = ports.get(type);
	if (used === undefined) ports.set(type, new Set([portIndex(index)]));
	else used.add(portIndex(index));
}

function portIndex(index: number): number {
	return Number.isInteger(index) ? Math.min(MAX_PORTS - 1, Math.max(0, index)) : 0;
}

function placeNode(node: WorkflowNode, uses: Uses): PlacedNode {
	const declared = declaredPorts(node);
	const unknown = !/^(@n8n\/)?n8n-nodes-(base|langchain)\./.test(node.type);
	if (unknown) adaptUnknown(declared, uses);
	const inputs = withUsed(declared.inputs, uses, 'inputs');
	const outputs = withUsed(declared.outputs, uses, 'outputs');
	const configurable = inputs.some(({ type }) => type !== 'main');
	const configuration = outputs.some(({ type }) => type !== 'main');
	const size = nodeSize({ inputs, outputs, configurable, configuration });
	const box = { x: snap(node.position[0]), y: snap(node.position[1]), ...size };
	return {
		node,
		box,
		trigger: isTrigger(node),
		configurable,
		configuration,
		inputs: placeInputs(inputs, box),
		outputs: placeOutputs(outputs, box),
	};
}

/** A community node that is used as a sub-node has no main ports, whatever was guessed. */
function adaptUnknown(ports: { inputs: Port[]; outputs: Port[] }, uses: Uses): void {
	const gives = [...uses.outputs.keys()];
	if (gives.length > 0 && gives.every((type) => type !== 'main')) {
		ports.outputs = [];
		if (!uses.inputs.has('main')) ports.inputs = [];
	}
}

interface IndexedPort extends Port {
	index: number;
}

/** Declared ports and those that edges use beyond them. */
function withUsed(declared: Port[], uses: Uses, side: 'inputs' | 'outputs'): IndexedPort[] {
	const counts = new Map<string, number>();
	const next = (type: string) => {
		const index = counts.get(type) ?? 0;
		counts.set(type, index + 1);
		return index;
	};
	const ports = declared.map((port) => ({ ...port, index: next(port.type) }));
	for (const [type, used] of uses[side]) {
		const count = Math.max(...used) + 1;
		const label = LABELS.get(type) ?? '';
		while ((counts.get(type) ?? 0) < count)
			ports.push({ type, label, required: false, index: next(type) });
	}
	return ports;
}

/** Of ports that nobody declared. */
const LABELS: ReadonlyMap<string, string> = new Map([
	['ai_languageModel', 'Model'],
	['ai_memory', 'Memory'],
	['ai_tool', 'Tool'],
	['ai_outputParser', 'Output Parser'],
	['ai_embedding', 'Embedding'],
	['ai_document', 'Document'],
	['ai_textSplitter', 'Text Splitter'],
	['ai_vectorStore', 'Vector Store'],
	['ai_retriever', 'Retriever'],
	['ai_reranker', 'Reranker'],
	['ai_agent', 'Agent'],
	['ai_chain', 'Chain'],
]);

function nodeSize(node: {
	inputs: IndexedPort[];
	outputs: IndexedPort[];
	configurable: boolean;
	configuration: boolean;
}): { width: number; height: number } {
	const mainPorts = Math.max(
		node.inputs.filter(isMain).length,
		node.outputs.filter(isMain).length,
		1,
	);
	if (node.configurable) {
		const subPorts = Math.max(MIN_SUB_PORTS, node.inputs.filter((port) => !isMain(port)).length);
		return {
			width: SUB_NODE_SIZE + GRID * ((node.configuration ? 1 : 0) + (subPorts - 1) * 3),
			height: node.configuration ? SUB_NODE_SIZE : tall(mainPorts),
		};
	}
	if (node.configuration) return { width: SUB_NODE_SIZE, height: SUB_NODE_SIZE };
	return { width: NODE_SIZE, height: tall(mainPorts) };
}

function tall(mainPorts: number): number {
	return NODE_SIZE + Math.max(0, mainPorts - 2) * PORT_STEP;
}

function isMain({ type }: { type: string }): boolean {
	return type === 'main';
}

/** Main ports on the left; the others below, required ones first and the last optional one in slot 4. */
function placeInputs(ports: IndexedPort[], box: Box): PlacedPort[] {
	const mains = ports.filter(isMain);
	const others = ports.filter((port) => !isMain(port));
	const required = others.filter((port) => port.required);
	const optional = others.filter((port) => !port.required);
	const gap = Math.max(0, MIN_SUB_PORTS - others.length);
	const under = (slot: number) => ({
		x: box.x + SUB_PORT_FIRST + SUB_PORT_STEP * slot,
		y: box.y + box.height,
	});
	const place = (port: IndexedPort, at: Point): PlacedPort => ({ ...port, ...at });
	return [
		...mains.map((port, slot) => place(port, { x: box.x, y: side(box, slot, mains.length) })),
		...required.map((port, slot) => place(port, under(slot))),
		...optional.map((port, slot) => place(port, under(required.length + gap + slot))),
	];
}

/** Main ports on the right, the others above. */
function placeOutputs(ports: IndexedPort[], box: Box): PlacedPort[] {
	const mains = ports.filter(isMain);
	const others = ports.filter((port) => !isMain(port));
	const place = (port: IndexedPort, at: Point): PlacedPort => ({ ...port, ...at });
	return [
		...mains.map((port, slot) =>
			place(port, { x: box.x + box.width, y: side(box, slot, mains.length) }),
		),
		...others.map((port, slot) =>
			place(port, { x: box.x + (box.width * (slot + 1)) / (others.length + 1), y: box.y }),
		),
	];
}

function side(box: Box, slot: number, count: number): number {
	return box.y + (box.height * (slot + 1)) / (count + 1);
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
