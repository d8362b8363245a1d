import type { Workflow } from '../model/model.ts';
import type { Graph } from './graph-model.ts';

/** A circle of main connections that nothing leaves. */
export interface Loop {
	names: string[];
	/** Each node in it gives an item for every item it takes, so it runs for ever; else one of them may give none. */
	isEndless: boolean;
}

/** Finds circles from which no connection leads out and in which no node can choose a way. */
export function findLoops({ nodes }: Workflow, graph: Graph): Loop[] {
	const names = nodes.map(({ name }) => name);
	return circles(names, graph)
		.filter((circle) => isClosed(circle, graph))
		.map((circle) => ({
			names: circle,
			isEndless: circle.every((name) => ONE_FOR_ONE.has(kind(graph, name))),
		}));
}

/** Nodes that can hold items back, send them another way, or wait for somebody. */
const CHOOSERS = new Set([
	...['if', 'switch', 'filter', 'splitInBatches', 'code', 'removeDuplicates', 'limit', 'wait'],
	...['stopAndError', 'function', 'functionItem', 'splitOut', 'itemLists', 'compareDatasets'],
	...['form', 'merge', 'aggregate'],
]);

/** Nodes that give an item for each one they take, whatever it is. */
const ONE_FOR_ONE = new Set(['set', 'noOp', 'dateTime', 'crypto', 'renameKeys', 'markdown', 'xml']);

function isClosed(circle: string[], graph: Graph): boolean {
	const inside = new Set(circle);
	return circle.every((name) => {
		const node = graph.byName.get(name);
		// Nobody here knows what a node of another package does.
		if (node === undefined || node.disabled || !node.type.startsWith('n8n-nodes-base.'))
			return false;
		if (CHOOSERS.has(kind(graph, name))) return false;
		return graph
			.outgoing(name)
			.every(({ sourceType, target }) => sourceType !== 'main' || inside.has(target));
	});
}

function kind(graph: Graph, name: string): string {
	const type = graph.byName.get(name)?.type ?? '';
	return type.slice(type.indexOf('.') + 1);
}

/** Strongly connected parts with more than one node, or with one that leads to itself. Tarjan's algorithm, without recursion. */
function circles(names: string[], graph: Graph): string[][] {
	const found: string[][] = [];
	const index = new Map<string, number>();
	const low = new Map<string, number>();
	const stack: string[] = [];
	const onStack = new Set<string>();
	const next = (name: string): string[] =>
		graph
			.outgoing(name)
			.filter(({ sourceType }) => sourceType === 'main')
			.map(({ target }) => target);
	let counter = 0;
	for (const start of names) {
		if (index.has(start)) continue;
		const work: { name: string; targets: string[]; at: number }[] = [];
		const enter = (name: string) => {
			index.set(name, counter);
			low.set(name, counter);
			counter += 1;
			stack.push(name);
			onStack.add(name);
			work.push({ name, targets: next(name), at: 0 });
		};
		enter(start);
		for (let top = work.at(-1); top !== undefined; top = work.at(-1)) {
			const target = top.targets[top.at];
			if (target !== undefined) {
				top.at += 1;
				if (!index.has(target)) enter(target);
				else if (onStack.has(target))
					low.set(top.name, Math.min(low.get(top.name) ?? 0, index.get(target) ?? 0));
				continue;
			}
			work.pop();
			const above = work.at(-1);
			if (above !== undefined)
				low.set(above.name, Math.min(low.get(above.name) ?? 0, low.get(top.name) ?? 0));
			if (low.get(top.name) !== index.get(top.name)) continue;
			const circle: string[] = [];
			for (let name = stack.pop(); name !== undefined; name = stack.pop()) {
				onStack.delete(name);
				circle.unshift(name);
				if (name === top.name) break;
			}
			if (circle.length > 1 || next(top.name).includes(top.name)) found.push(circle);
		}
	}
	return found;
}
