import { isObject, own, setOwn, step, type Json, type JsonObject } from '../model/json.ts';
import type { Edge, Workflow, WorkflowNode } from '../model/model.ts';
import { matchExactly, matchNodes } from './match.ts';
import { mergeValues, type ValueConflict } from './merge-values.ts';
import { sameJson } from './values.ts';

export interface MergeConflict extends ValueConflict {
	/** The node's name; undefined for what belongs to the workflow. Pointers go into it. */
	node?: string;
	/** What happened, for people. */
	message: string;
}

export interface Merged {
	/** Where both sides differ, ours; a node that one side removed and the other changed stays. */
	workflow: JsonObject;
	conflicts: MergeConflict[];
}

/** A node in up to three versions. */
interface Sides {
	base?: WorkflowNode;
	ours?: WorkflowNode;
	theirs?: WorkflowNode;
}

/** n8n writes these on each save: no reason for a conflict. */
const SAVED: ReadonlySet<string> = new Set([
	'versionId',
	'activeVersionId',
	'versionCounter',
	'createdAt',
	'updatedAt',
	'triggerCount',
	'meta',
	'shared',
	'staticData',
]);

/**
 * Three-way merge of a workflow: nodes by id (renamed ones too), their parameters by path, code by
 * lines, connections one by one. Positions never conflict.
 */
export function mergeWorkflows(base: Workflow, ours: Workflow, theirs: Workflow): Merged {
	const conflicts: MergeConflict[] = [];
	const keys = new Keys();
	const sides = alignNodes(base, ours, theirs, keys);
	const nodes: { key: string; source: JsonObject }[] = [];
	for (const [key, versions] of sides) {
		const source = mergeNode(versions, conflicts);
		if (source !== undefined) nodes.push({ key, source });
	}
	keepNamesUnique(nodes, sides, conflicts);
	const names = new Map(nodes.map(({ key, source }) => [key, nameOf(source)]));
	const workflow = mergeRest(base, ours, theirs, conflicts);
	setOwn(
		workflow,
		'nodes',
		nodes.map(({ source }) => source),
	);
	setOwn(workflow, 'connections', mergeConnections(base, ours, theirs, { keys, names }));
	findOldReferences(nodes, { sides, workflows: [ours, theirs] }, conflicts);
	return { workflow, conflicts };
}

/** One key for each node, whatever it is called on which side. */
class Keys {
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

function alignNodes(
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

function mergeNode(
	{ base, ours, theirs }: Sides,
	conflicts: MergeConflict[],
): JsonObject | undefined {
	if (ours !== undefined && theirs !== undefined) {
		const found: ValueConflict[] = [];
		const merged = mergeValues(
			{ base: base?.source, ours: ours.source, theirs: theirs.source },
			'',
			found,
		);
		for (const conflict of found) {
			if (conflict.pointer.startsWith('/position')) continue;
			conflicts.push({
				...conflict,
				node: ours.name,
				message: 'Both sides changed it differently.',
			});
		}
		return merged !== undefined && isObject(merged) ? merged : ours.source;
	}
	if (base === undefined) return (ours ?? theirs)?.source;
	const kept = ours ?? theirs;
	if (kept === undefined || isUntouched(base, kept)) return undefined;
	conflicts.push({
		pointer: '',
		node: kept.name,
		base: base.source,
		ours: ours?.source,
		theirs: theirs?.source,
		message: `${ours === undefined ? 'We' : 'They'} removed it, ${ours === undefined ? 'they' : 'we'} changed it; it is kept.`,
	});
	return kept.source;
}

function isUntouched(base: WorkflowNode, node: WorkflowNode): boolean {
	return sameJson({ ...base.source, position: null }, { ...node.source, position: null });
}

/** Both sides may have added a node of the same name; n8n wants names to be unique. */
function keepNamesUnique(
	nodes: { key: string; source: JsonObject }[],
	sides: ReadonlyMap<string, Sides>,
	conflicts: MergeConflict[],
): void {
	const taken = new Set<string>();
	for (const node of nodes) {
		const name = nameOf(node.source);
		const { ours, theirs } = sides.get(node.key) ?? {};
		if (taken.has(name) && ours === undefined && theirs !== undefined) {
			let number = 1;
			while (taken.has(`${name}${number}`)) number++;
			node.source = { ...node.source, name: `${name}${number}` };
			conflicts.push({
				pointer: '/name',
				node: name,
				base: undefined,
				ours: name,
				theirs: name,
				message: `Both sides have another node of this name; theirs is called "${name}${number}" now.`,
			});
		}
		taken.add(nameOf(node.source));
	}
}

function nameOf(source: JsonObject): string {
	const name = own(source, 'name');
	return typeof name === 'string' ? name : '';
}

function mergeRest(
	base: Workflow,
	ours: Workflow,
	theirs: Workflow,
	conflicts: MergeConflict[],
): JsonObject {
	const result: JsonObject = {};
	const sources = [ours.source, theirs.source];
	for (const key of new Set(sources.flatMap((source) => Object.keys(source)))) {
		if (key === 'nodes' || key === 'connections') {
			setOwn(result, key, null);
			continue;
		}
		const value = {
			base: own(base.source, key),
			ours: own(ours.source, key),
			theirs: own(theirs.source, key),
		};
		const found: ValueConflict[] = [];
		const merged = SAVED.has(key)
			? (value.ours ?? value.theirs)
			: mergeValues(value, step(key), found);
		for (const conflict of found)
			conflicts.push({ ...conflict, message: 'Both sides changed it differently.' });
		if (merged !== undefined) setOwn(result, key, merged);
	}
	return result;
}

/** An edge by the keys of its nodes. */
interface KeyedEdge extends Omit<Edge, 'pointer'> {
	text: string;
}

function mergeConnections(
	base: Workflow,
	ours: Workflow,
	theirs: Workflow,
	{ keys, names }: { keys: Keys; names: ReadonlyMap<string, string> },
): Json {
	const [was, mine, others] = [base, ours, theirs].map((workflow) =>
		workflow.edges.map((edge): KeyedEdge => {
			const { sourceType, sourceIndex, targetType, targetIndex } = edge;
			const source = keys.named(workflow, edge.source);
			const target = keys.named(workflow, edge.target);
			const text = JSON.stringify([
				source,
				sourceType,
				sourceIndex,
				target,
				targetType,
				targetIndex,
			]);
			return { source, sourceType, sourceIndex, target, targetType, targetIndex, text };
		}),
	) as [KeyedEdge[], KeyedEdge[], KeyedEdge[]];
	const inBase = new Set(was.map(({ text }) => text));
	const inOurs = new Set(mine.map(({ text }) => text));
	const inTheirs = new Set(others.map(({ text }) => text));
	const result: JsonObject = {};
	const isThere = (key: string) => names.has(key) || key.startsWith('name:');
	const written = (key: string) => names.get(key) ?? key.slice('name:'.length);
	for (const edge of [...mine, ...others]) {
		const { text, source, sourceType, sourceIndex, target, targetType, targetIndex } = edge;
		const removedByThem = inBase.has(text) && !inTheirs.has(text);
		const removedByUs = inBase.has(text) && !inOurs.has(text);
		if (removedByThem || removedByUs || !isThere(source) || !isThere(target)) continue;
		const slot = slotOf(result, written(source), sourceType, sourceIndex);
		const end: JsonObject = { node: written(target), type: targetType, index: targetIndex };
		if (!slot.some((one) => sameJson(one, end))) slot.push(end);
	}
	return result;
}

function slotOf(connections: JsonObject, source: string, type: string, index: number): Json[] {
	let types = own(connections, source);
	if (types === undefined || !isObject(types)) setOwn(connections, source, (types = {}));
	let slots = own(types, type);
	if (!Array.isArray(slots)) setOwn(types, type, (slots = []));
	while (slots.length <= index) slots.push([]);
	const slot = slots[index];
	return Array.isArray(slot) ? slot : [];
}

/** A side that did not know of a new name may still use the old one in its expressions. */
function findOldReferences(
	nodes: readonly { key: string; source: JsonObject }[],
	{ sides, workflows }: { sides: ReadonlyMap<string, Sides>; workflows: [Workflow, Workflow] },
	conflicts: MergeConflict[],
): void {
	const names = new Set(nodes.map(({ source }) => nameOf(source)));
	const gone = [...sides.values()].flatMap(({ base }) =>
		base !== undefined && base.name !== '' && !names.has(base.name) ? [base.name] : [],
	);
	for (const name of gone) {
		const isReference = referencesTo(name);
		// Where a side has broken the reference all by itself, merging has nothing to say.
		const broken = workflows
			.filter((workflow) => !workflow.nodes.some((node) => node.name === name))
			.flatMap((workflow) => workflow.nodes.filter(({ source }) => isReference(source)));
		const known = new Set(broken.map((node) => node.name));
		for (const { source } of nodes) {
			if (known.has(nameOf(source)) || !isReference(source)) continue;
			conflicts.push({
				pointer: '/parameters',
				node: nameOf(source),
				base: undefined,
				ours: undefined,
				theirs: undefined,
				message: `It refers to "${name}", which was renamed or removed on the other side.`,
			});
		}
	}
}

function referencesTo(name: string): (source: JsonObject) => boolean {
	const plain = JSON.stringify(name).slice(1, -1);
	const quoted = JSON.stringify(JSON.stringify(name)).slice(1, -1);
	const forms = [`$('${plain}')`, `$(${quoted})`, `$node['${plain}']`, `$node[${quoted}]`];
	return (source) => {
		const text = JSON.stringify(source);
		return forms.some((form) => text.includes(form));
	};
}
