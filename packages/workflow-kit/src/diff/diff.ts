import { own, type JsonObject } from '../model/json.ts';
import type { Edge, Workflow, WorkflowNode } from '../model/model.ts';
import { matchNodes, type Matching } from './match.ts';
import { diffValues, type ValueChange } from './values.ts';

/** What an author did between two versions of a workflow. Moving nodes is kept apart. */
export interface WorkflowDiff {
	same: boolean;
	name: { before: string; after: string };
	added: NodeReference[];
	removed: NodeReference[];
	changed: NodeDiff[];
	/** Only their positions differ, or these as well. */
	moved: NodeMove[];
	/** Connections, by the names of after where the node is still there. */
	connected: Connection[];
	disconnected: Connection[];
	/** Name, settings, groups, pinned data and whatever else the workflow has beside nodes. */
	workflow: ValueChange[];
}

export interface NodeReference {
	name: string;
	type: string;
	/** In `nodes`, of after; for removed ones of before. */
	index: number;
}

export interface NodeDiff extends NodeReference {
	/** When it has another name now. */
	renamedFrom?: string;
	/** Without id, name and position. */
	changes: ValueChange[];
}

export interface NodeMove extends NodeReference {
	before: [number, number];
	after: [number, number];
}

export interface Connection {
	source: string;
	sourceType: string;
	sourceIndex: number;
	target: string;
	targetType: string;
	targetIndex: number;
	/** Of the edge, in the document it is from. */
	pointer: string;
}

/** What n8n writes by itself on each save. */
const NOISE: ReadonlySet<string> = new Set([
	'nodes',
	'connections',
	'id',
	'versionId',
	'activeVersionId',
	'activeVersion',
	'versionCounter',
	'createdAt',
	'updatedAt',
	'triggerCount',
	'shared',
	'homeProject',
	'sharedWithProjects',
	'scopes',
	'usedCredentials',
	'isArchived',
	'staticData',
]);
const NODE_PLACE: ReadonlySet<string> = new Set(['id', 'name', 'position']);

/** Compares two versions of a workflow by what they mean. The order of nodes and keys is nothing. */
export function diffWorkflows(before: Workflow, after: Workflow): WorkflowDiff {
	const matching = matchNodes(before, after);
	const changed: NodeDiff[] = [];
	const moved: NodeMove[] = [];
	for (const { before: old, after: node } of matching.pairs) {
		const changes = diffValues(without(old.source, NODE_PLACE), without(node.source, NODE_PLACE));
		const renamed = old.name === node.name ? {} : { renamedFrom: old.name };
		if (changes.length > 0 || old.name !== node.name)
			changed.push({ ...referenceTo(node), ...renamed, changes });
		if (old.position[0] !== node.position[0] || old.position[1] !== node.position[1])
			moved.push({ ...referenceTo(node), before: old.position, after: node.position });
	}
	const edges = diffEdges(before, after, matching);
	const added = matching.added.map(referenceTo);
	const removed = matching.removed.map(referenceTo);
	const workflow = diffValues(without(before.source, NOISE), without(after.source, NOISE));
	return {
		same: [added, removed, changed, moved, edges.connected, edges.disconnected, workflow].every(
			(list) => list.length === 0,
		),
		name: { before: before.name, after: after.name },
		added,
		removed,
		changed,
		moved,
		...edges,
		workflow,
	};
}

/** Nothing but positions differs. */
export function onlyMoved(diff: WorkflowDiff): boolean {
	return (
		!diff.same &&
		[
			diff.added,
			diff.removed,
			diff.changed,
			diff.connected,
			diff.disconnected,
			diff.workflow,
		].every((list) => list.length === 0)
	);
}

function referenceTo({ name, type, index }: WorkflowNode): NodeReference {
	return { name, type, index };
}

function without(object: JsonObject, keys: ReadonlySet<string>): JsonObject {
	return Object.fromEntries(
		Object.keys(object)
			.filter((key) => !keys.has(key))
			.map((key) => [key, own(object, key) ?? null]),
	);
}

function diffEdges(
	before: Workflow,
	after: Workflow,
	{ pairs }: Matching,
): Pick<WorkflowDiff, 'connected' | 'disconnected'> {
	const now = new Map<string, string>();
	for (const pair of pairs)
		if (!now.has(pair.before.name)) now.set(pair.before.name, pair.after.name);
	const old = before.edges.map((edge) => connection(edge, (name) => now.get(name) ?? name));
	const present = after.edges.map((edge) => connection(edge, (name) => name));
	const oldKeys = new Set(old.map(keyOf));
	const keys = new Set(present.map(keyOf));
	return {
		connected: present.filter((one) => !oldKeys.has(keyOf(one))),
		disconnected: old.filter((one) => !keys.has(keyOf(one))),
	};
}

function connection(edge: Edge, nameOf: (name: string) => string): Connection {
	const { sourceType, sourceIndex, targetType, targetIndex, pointer } = edge;
	return {
		source: nameOf(edge.source),
		sourceType,
		sourceIndex,
		target: nameOf(edge.target),
		targetType,
		targetIndex,
		pointer,
	};
}

function keyOf({
	source,
	sourceType,
	sourceIndex,
	target,
	targetType,
	targetIndex,
}: Connection): string {
	return JSON.stringify([source, sourceType, sourceIndex, target, targetType, targetIndex]);
}
