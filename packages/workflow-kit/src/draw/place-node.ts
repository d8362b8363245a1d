import type { Workflow, WorkflowNode } from '../model/model.ts';
import type { Point } from './edge-path.ts';
import {
	GRID,
	NODE_SIZE,
	snap,
	STICKY_TYPE,
	SUB_NODE_SIZE,
	type Box,
	type PlacedNode,
	type PlacedPort,
} from './layout.ts';
import { MAX_PORTS, type Port } from './port.ts';
import { declaredPorts, isTrigger } from './ports.ts';

const PORT_STEP = 2 * GRID;
const SUB_PORT_FIRST = 40;
const SUB_PORT_STEP = 3 * GRID;
const MIN_SUB_PORTS = 4;

/** Ports in use, per type. */
export interface Uses {
	inputs: Map<string, Set<number>>;
	outputs: Map<string, Set<number>>;
}

export const NO_USES: Uses = { inputs: new Map(), outputs: new Map() };

export function countUses(workflow: Workflow): Map<string, Uses> {
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

export function portIndex(index: number): number {
	return Number.isInteger(index) ? Math.min(MAX_PORTS - 1, Math.max(0, index)) : 0;
}

export function placeNode(node: WorkflowNode, uses: Uses): PlacedNode {
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
