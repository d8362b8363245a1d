import type { NodeOutline, NodeRun, RunResult } from '../engine/protocol.ts';

/** One branch: an output of a node with several, or "on error" of a node that goes on when it fails. */
export interface Branch {
	node: string;
	branch: string;
	/** In how many runs it was taken. */
	taken: number;
}

export interface Coverage {
	workflow: string;
	nodes: { node: string; runs: number }[];
	branches: Branch[];
	/** 0..100 of nodes and branches each; 100 when there are none. */
	nodePercent: number;
	branchPercent: number;
}

const ON_ERROR = 'on error';

/** Counts what runs have touched of one workflow. */
export class CoverageCounter {
	readonly #workflow: string;
	readonly #outline: NodeOutline[];
	readonly #nodes = new Map<string, number>();
	readonly #branches = new Map<string, number>();

	constructor(workflow: string, outline: NodeOutline[]) {
		this.#workflow = workflow;
		this.#outline = outline;
	}

	add(nodes: RunResult['nodes']): void {
		for (const { name, outputs, continues } of this.#outline) {
			const runs = nodes[name];
			if (runs === undefined) continue;
			this.#nodes.set(name, (this.#nodes.get(name) ?? 0) + 1);
			for (const [index, output] of outputs.entries()) {
				if (runs.some((run) => (run.outputs[index]?.length ?? 0) > 0)) this.#take(name, output);
			}
			if (continues && runs.some(hasFailed)) this.#take(name, ON_ERROR);
		}
	}

	#take(node: string, branch: string): void {
		const key = JSON.stringify([node, branch]);
		this.#branches.set(key, (this.#branches.get(key) ?? 0) + 1);
	}

	result(): Coverage {
		const nodes = this.#outline.map(({ name }) => ({
			node: name,
			runs: this.#nodes.get(name) ?? 0,
		}));
		const branches = this.#outline.flatMap(({ name, outputs, continues }) => {
			const several = outputs.length > 1 ? outputs : [];
			// The error output of such a node is its "on error".
			const own = continues && !several.includes('error') ? [...several, ON_ERROR] : several;
			return own.map((branch) => ({
				...{ node: name, branch },
				taken: this.#branches.get(JSON.stringify([name, branch])) ?? 0,
			}));
		});
		return {
			...{ workflow: this.#workflow, nodes, branches },
			nodePercent: percent(nodes.map(({ runs }) => runs)),
			branchPercent: percent(branches.map(({ taken }) => taken)),
		};
	}
}

/** Whether a node that goes on when it fails did fail: it gives the failure out as an item. */
function hasFailed({ error, outputs }: NodeRun): boolean {
	return (
		error !== undefined ||
		outputs.flat().some((item) => item.error !== undefined || 'error' in item.json)
	);
}

function percent(counts: number[]): number {
	if (counts.length === 0) return 100;
	return Math.floor((100 * counts.filter((count) => count > 0).length) / counts.length);
}
