import { createHash } from 'node:crypto';
import type { Edge, Workflow, WorkflowNode } from '../model/model.ts';

/** What stays of a workflow when names, places, texts and parameters are changed. */
export interface Fingerprint {
	/** Equal for the same graph of node types, whatever its nodes are called and in which order. */
	hash: string;
	/** Sorted numbers of 32 bits, one per shingle; a shingle that is there n times has n numbers. */
	shingles: number[];
}

const ROUNDS = 3;
/** A copy does not become another workflow by its hundredth Set node. */
const MAX_REPEATS = 8;

/**
 * The fingerprint of a workflow's graph. Shingles are node types, edges and paths of two edges by
 * the types of their nodes; sticky notes count for nothing.
 */
export function fingerprint({ nodes, edges }: Workflow): Fingerprint {
	const counted = nodes.filter(({ type }) => !type.endsWith('.stickyNote'));
	const find = nodeFinder(counted);
	const links = edges.flatMap((edge) => {
		const [source, target] = [find(edge.source), find(edge.target)];
		return source === undefined || target === undefined ? [] : [{ source, target, edge }];
	});
	const outgoing = Map.groupBy(links, ({ source }) => source);

	const shingles: string[] = counted.map(({ type }) => type);
	for (const { source, target, edge } of links) {
		const first = `${source.type}${mark(edge)}${target.type}`;
		shingles.push(first);
		for (const next of (outgoing.get(target) ?? []).slice(0, MAX_REPEATS))
			shingles.push(`${first}${mark(next.edge)}${next.target.type}`);
	}
	return { hash: graphHash(counted, links), shingles: numbers(shingles) };
}

/** How much two graphs have in common, from 0 to 1 (Jaccard); 1 for the same shingles. */
export function similarity(left: Fingerprint, right: Fingerprint): number {
	let [at, other, common] = [0, 0, 0];
	const [first, second] = [left.shingles, right.shingles];
	while (at < first.length && other < second.length) {
		const difference = (first[at] ?? 0) - (second[other] ?? 0);
		if (difference === 0) common++;
		if (difference <= 0) at++;
		if (difference >= 0) other++;
	}
	const all = first.length + second.length - common;
	return all === 0 ? 1 : common / all;
}

interface Link {
	source: WorkflowNode;
	target: WorkflowNode;
	edge: Edge;
}

/** Connections name nodes; some files use ids instead. */
function nodeFinder(nodes: WorkflowNode[]): (name: string) => WorkflowNode | undefined {
	const byName = new Map(nodes.map((node) => [node.name, node]));
	const byId = new Map(nodes.map((node) => [node.id, node]));
	return (name) => byName.get(name) ?? byId.get(name);
}

function mark({ sourceType }: Edge): string {
	return sourceType === 'main' ? '>' : `>${sourceType}>`;
}

/** Weisfeiler-Leman: each node is named by its type, then again and again by its neighbours' names. */
function graphHash(nodes: WorkflowNode[], links: Link[]): string {
	let names = new Map(nodes.map((node) => [node, `${node.type}@${node.typeVersion}`]));
	for (let round = 0; round < ROUNDS; round++) {
		const around = new Map<WorkflowNode, string[]>(nodes.map((node) => [node, []]));
		for (const { source, target, edge } of links) {
			const port = `${edge.sourceType}${edge.sourceIndex}:${edge.targetType}${edge.targetIndex}`;
			around.get(source)?.push(`out ${port} ${names.get(target)}`);
			around.get(target)?.push(`in ${port} ${names.get(source)}`);
		}
		const before = names;
		names = new Map(
			nodes.map((node) => [
				node,
				digest([before.get(node) ?? '', ...(around.get(node) ?? []).sort()]),
			]),
		);
	}
	return digest([...names.values()].sort());
}

function digest(parts: string[]): string {
	return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);
}

function numbers(shingles: string[]): number[] {
	const repeats = new Map<string, number>();
	const result: number[] = [];
	for (const shingle of shingles) {
		const count = (repeats.get(shingle) ?? 0) + 1;
		repeats.set(shingle, count);
		if (count <= MAX_REPEATS) result.push(fnv1a(shingle, count));
	}
	return result.sort((left, right) => left - right);
}

function fnv1a(text: string, seed: number): number {
	let hash = (0x811c9dc5 ^ seed) >>> 0;
	for (let at = 0; at < text.length; at++)
		hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
	return hash;
}
