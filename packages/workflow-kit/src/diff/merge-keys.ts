import type { Workflow, WorkflowNode } from '../model/model.ts';
import { matchExactly, matchNodes } from './match.ts';

/** A node in up to three versions. */
export interface Sides {
	base?: WorkflowNode;
	ours?: WorkflowNode;
	theirs?: WorkflowNode;
}

/** One key for each node, whatever it is called on which side. */
export class Keys {
	private readonly keys = new Map<WorkflowNode, string>();
	private readonly byName = new Map<Workflow, Map<string, string>>();

	set(workflow: Workflow, node: WorkflowNode, key: string): void {
		this.keys.set(node, key);
		const names = this.byName.get(workflow) ?? new Map<string, string>();
		if (!names.has(node.name)) names.set(node.name, key);
		this.byName.set(workflow, names);
	}

	of(node: WorkflowNode): string | undefined {
		return this.keys.get(node);
	}

	named(workflow: Workflow, name: string): string {
		return this.byName.get(workflow)?.get(name) ?? `name:${name}`;
	}
}

export function alignNodes(
	base: Workflow,
	ours: Workflow,
	theirs: Workflow,
	keys: Keys,
): Map<string, Sides> {
	for (const node of base.nodes) keys.set(base, node, `base:${node.index}`);
	const mine = matchNodes(base, ours);
	const others = matchNodes(base, theirs);
	for (const { before, after } of mine.pairs) keys.set(ours, after, `base:${before.index}`);
	for (const { before, after } of others.pairs) keys.set(theirs, after, `base:${before.index}`);
	for (const node of mine.added) keys.set(ours, node, `ours:${node.index}`);
	const twice = matchExactly({ ...ours, nodes: mine.added }, { ...theirs, nodes: others.added });
	for (const { before, after } of twice.pairs) keys.set(theirs, after, `ours:${before.index}`);
	for (const node of twice.added) keys.set(theirs, node, `theirs:${node.index}`);
	const sides = new Map<string, Sides>();
	const put = (workflow: Workflow, side: keyof Sides) => {
		for (const node of workflow.nodes) {
			const key = keys.of(node);
			if (key !== undefined) sides.set(key, { ...sides.get(key), [side]: node });
		}
	};
	// Ours first: the order of its nodes stays.
	put(ours, 'ours');
	put(theirs, 'theirs');
	put(base, 'base');
	return sides;
}
