import type { Edge, Workflow, WorkflowNode } from '../model/model.ts';

/** The connections of a workflow by node name. */
export interface Graph {
	/** The first of a name; two of a name are a finding of their own. */
	readonly byName: ReadonlyMap<string, WorkflowNode>;
	outgoing(name: string): readonly Edge[];
	incoming(name: string): readonly Edge[];
	/** Whether data can come from one node to another along main connections, or to the parent of a sub-node. */
	isUpstream(source: string, of: string): boolean;
}

/** Steps that questions about ancestors may cost for one workflow; above it every node counts as upstream. */
const BUDGET = 300_000;

const NONE: readonly Edge[] = [];

export function buildGraph({ nodes, edges }: Workflow): Graph {
	const byName = new Map<string, WorkflowNode>();
	for (const node of nodes) if (!byName.has(node.name)) byName.set(node.name, node);
	const from = new Map<string, Edge[]>();
	const to = new Map<string, Edge[]>();
	for (const edge of edges) {
		push(from, edge.source, edge);
		push(to, edge.target, edge);
	}
	const outgoing = (name: string) => from.get(name) ?? NONE;
	const incoming = (name: string) => to.get(name) ?? NONE;
	const ancestors = new Map<string, Set<string>>();
	let spent = 0;
	const ancestorsOf = (name: string): Set<string> => {
		const known = ancestors.get(name);
		if (known !== undefined) return known;
		const found = new Set<string>();
		const todo = [name];
		for (let next = todo.pop(); next !== undefined && spent < BUDGET; next = todo.pop()) {
			const sources = incoming(next).map(({ source }) => source);
			// A model, memory or tool sees what its agent sees.
			for (const { sourceType, target } of outgoing(next))
				if (sourceType !== 'main') sources.push(target);
			for (const source of sources) {
				spent += 1;
				if (found.has(source)) continue;
				found.add(source);
				todo.push(source);
			}
		}
		ancestors.set(name, found);
		return found;
	};
	return {
		...{ byName, outgoing, incoming },
		isUpstream: (source, of) => spent >= BUDGET || ancestorsOf(of).has(source),
	};
}

function push(map: Map<string, Edge[]>, key: string, edge: Edge): void {
	const known = map.get(key);
	if (known === undefined) map.set(key, [edge]);
	else known.push(edge);
}
