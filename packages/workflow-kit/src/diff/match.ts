import type { Workflow, WorkflowNode } from '../model/model.ts';
import { leavesOf, overlap } from './values.ts';

/** A node before and after: the same one for the author, whatever it is called now. */
export interface Pair {
	before: WorkflowNode;
	after: WorkflowNode;
}

export interface Matching {
	pairs: Pair[];
	removed: WorkflowNode[];
	added: WorkflowNode[];
}

/** Nodes of one type that are compared with each other by content. */
const MAX_CANDIDATES = 100;
const MAX_COMPARISONS = 20_000;
const SIMILAR = 0.5;

/** Only what is the same beyond doubt: an id, or a name, with the same type. */
export function matchExactly(before: Workflow, after: Workflow): Matching {
	const pairs: Pair[] = [];
	const left = new Set(before.nodes);
	const right = new Set(after.nodes);
	const pair = (a: WorkflowNode, b: WorkflowNode) => {
		pairs.push({ before: a, after: b });
		left.delete(a);
		right.delete(b);
	};
	byKey(left, right, idKey, pair);
	byKey(left, right, nameKey, pair);
	return { pairs, removed: [...left], added: [...right] };
}

const idKey = ({ id, type }: WorkflowNode) => (id === undefined ? undefined : `${id}\n${type}`);
const nameKey = ({ name, type }: WorkflowNode) => `${name}\n${type}`;

/** By id, then by name within a type, then the most similar of the same type. */
export function matchNodes(before: Workflow, after: Workflow): Matching {
	const exact = matchExactly(before, after);
	const { pairs } = exact;
	const left = new Set(exact.removed);
	const right = new Set(exact.added);
	const pair = (a: WorkflowNode, b: WorkflowNode) => {
		pairs.push({ before: a, after: b });
		left.delete(a);
		right.delete(b);
	};
	bySimilarity(left, right, pair);
	// A node that was replaced by one of another type under its name is the same place in the flow.
	byKey(left, right, (node) => (node.name === '' ? undefined : node.name), pair);
	pairs.sort((a, b) => a.after.index - b.after.index);
	return { pairs, removed: [...left], added: [...right] };
}

function byKey(
	left: ReadonlySet<WorkflowNode>,
	right: ReadonlySet<WorkflowNode>,
	keyOf: (node: WorkflowNode) => string | undefined,
	pair: (a: WorkflowNode, b: WorkflowNode) => void,
): void {
	const waiting = new Map<string, WorkflowNode>();
	for (const node of left) {
		const key = keyOf(node);
		if (key !== undefined && !waiting.has(key)) waiting.set(key, node);
	}
	for (const node of [...right]) {
		const key = keyOf(node);
		const found = key === undefined ? undefined : waiting.get(key);
		if (key === undefined || found === undefined) continue;
		waiting.delete(key);
		pair(found, node);
	}
}

function bySimilarity(
	left: ReadonlySet<WorkflowNode>,
	right: ReadonlySet<WorkflowNode>,
	pair: (a: WorkflowNode, b: WorkflowNode) => void,
): void {
	let room = MAX_COMPARISONS;
	for (const type of new Set([...left].map((node) => node.type))) {
		const ofType = (nodes: ReadonlySet<WorkflowNode>) =>
			[...nodes]
				.filter((node) => node.type === type)
				.slice(0, MAX_CANDIDATES)
				.map((node) => ({ node, leaves: leavesOf(node.parameters) }));
		const [befores, afters] = [ofType(left), ofType(right)];
		room -= befores.length * afters.length;
		if (room < 0) return;
		const candidates = befores.flatMap((a) =>
			afters.map((b) => ({ a: a.node, b: b.node, score: score(a, b) })),
		);
		candidates.sort((one, other) => other.score - one.score);
		for (const { a, b, score: similar } of candidates)
			if (similar >= SIMILAR && left.has(a) && right.has(b)) pair(a, b);
	}
}

interface Candidate {
	node: WorkflowNode;
	leaves: ReadonlySet<string>;
}

function score(a: Candidate, b: Candidate): number {
	const x = a.node.position[0] - b.node.position[0];
	const y = a.node.position[1] - b.node.position[1];
	const near = Math.abs(x) + Math.abs(y) < 32 ? 0.1 : 0;
	// Two nodes without parameters say nothing about each other, unless they are at one place.
	const empty = a.leaves.size === 0 && b.leaves.size === 0;
	return (empty ? 0.45 : overlap(a.leaves, b.leaves)) + near;
}
