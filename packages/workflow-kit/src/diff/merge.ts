import { isObject, own, setOwn, step, type JsonObject } from '../model/json.ts';
import type { Workflow, WorkflowNode } from '../model/model.ts';
import { mergeConnections } from './merge-connections.ts';
import { alignNodes, Keys, type Sides } from './merge-keys.ts';
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
