import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { jsonText, mergeWorkflows, type JsonObject } from '@autopilot/workflow-kit';
import {
	asWorkflow,
	contentOf,
	hashOf,
	isSame,
	withWebhookIds,
	type Content,
} from './content/content.ts';
import { changeLines, modelOf } from './content/differences.ts';
import type { FileWorkflow, WorkflowFiles } from './files.ts';
import type { InstanceWorkflow } from './n8n/instance.ts';
import { makePlan, type Plan } from './plan.ts';
import { takeLock } from './state/lock.ts';
import { readState, saveBase, type Base } from './state/state.ts';
import type { Target } from './target.ts';

export interface PullOptions {
	folder: string;
	/** Ids (of the files); default: all that are in the files or were applied. */
	only?: readonly string[];
	/** Workflows of n8n that no file has, too. */
	all?: boolean;
	/** Where files and editor have both changed, the editor's version takes the place of the file. */
	overwriteFiles?: boolean;
	/** Says what it would do. */
	dryRun?: boolean;
}

export interface Pulled {
	id: string;
	name: string;
	path: string;
	/**
	 * merged: files and editor have both changed since the last apply, at different places.
	 * refused: at the same; `changes` names them.
	 */
	result: 'written' | 'merged' | 'unchanged' | 'refused';
	changes: string[];
}

/** A workflow of n8n with its file, and what was applied last. */
interface Pair {
	id: string;
	workflow: InstanceWorkflow;
	/** As the files would have it. */
	content: Content;
	file: FileWorkflow | undefined;
	filesMoved: boolean;
	base: Base | undefined;
}

/** What to write, with what is noted as sent: by it the next plan knows whether the file has more than n8n. */
interface Outcome extends Pick<Pulled, 'result' | 'changes'> {
	write?: { content: Content; sent: string };
}

/**
 * Brings what was edited in the editor back to the files: in their order of keys, with their ids, addresses and names of
 * credentials, without what n8n keeps for itself. A file that says the same already is not touched.
 */
export async function pull(
	target: Target,
	files: WorkflowFiles,
	options: PullOptions,
): Promise<Pulled[]> {
	const [plan, { bases }, present] = await Promise.all([
		makePlan(target, files, { edited: 'overwrite' }),
		readState(target.table),
		target.instance.workflows(),
	]);
	const pairs = pairUp({ plan, files, bases, present }, options);
	const pulled: Pulled[] = [];
	const noted: [string, Base][] = [];
	for (const pair of pairs) {
		const { id, workflow, content, file } = pair;
		const place = file?.path ?? path.join(options.folder, `${id}.json`);
		const { write, result, changes } = outcomeOf(pair, plan, options);
		pulled.push({ id, name: content.name, path: place, result, changes });
		if (write === undefined || options.dryRun === true) continue;
		await writeWhole(place, jsonText(asFile(id, write.content, file?.source)));
		noted.push([id, baseOf(workflow, write.sent, target)]);
	}
	if (noted.length > 0) await note(target, noted);
	return pulled;
}

interface Known {
	plan: Plan;
	files: WorkflowFiles;
	bases: Map<string, Base>;
	present: InstanceWorkflow[];
}

function pairUp({ plan, files, bases, present }: Known, { all, only }: PullOptions): Pair[] {
	const items = new Map(plan.items.map((item) => [item.instanceId, item]));
	const applied = new Map([...bases].map(([id, { instanceId }]) => [instanceId, id]));
	return present.flatMap((workflow): Pair[] => {
		const item = items.get(workflow.id);
		const known = item?.id ?? applied.get(workflow.id);
		const id = known ?? plan.binder.fileIdOf(workflow.id);
		if (workflow.archived || (known === undefined && all !== true)) return [];
		if (only !== undefined && !only.includes(id)) return [];
		const file = files.workflows.find((one) => one.id === id);
		const content = plan.binder.toFiles(workflow.draft);
		const filesMoved = item?.filesMoved === true;
		return [{ id, workflow, content, file, filesMoved, base: bases.get(id) }];
	});
}

function outcomeOf(
	{ workflow, content, file, filesMoved, base }: Pair,
	{ binder }: Plan,
	{ overwriteFiles }: PullOptions,
): Outcome {
	const sent = hashOf(binder.toInstance(content).content);
	if (file === undefined)
		return { result: 'written', changes: ['new file'], write: { content, sent } };
	const isEqual = isSame(content, withWebhookIds(file.content, content));
	// When only the files have moved there is nothing to bring back.
	if (isEqual || base?.read === hashOf(workflow.draft)) return { result: 'unchanged', changes: [] };
	if (!filesMoved || base === undefined || overwriteFiles === true) {
		const changes = changeLines(file.content, content);
		return { result: 'written', changes, write: { content, sent } };
	}
	const before = modelOf(binder.toFiles(base.content));
	const { workflow: both, conflicts } = mergeWorkflows(
		before,
		modelOf(file.content),
		modelOf(content),
	);
	if (conflicts.length > 0)
		return { result: 'refused', changes: conflicts.map(({ message }) => message) };
	const merged = contentOf(both);
	// What the file had before is not in n8n yet: to the next plan the files have moved still.
	return {
		result: 'merged',
		changes: changeLines(file.content, merged),
		write: { content: merged, sent: base.sent },
	};
}

/** The file's own order of nodes stays; pinned data does not come along. */
function asFile(id: string, content: Content, source: JsonObject | undefined): JsonObject {
	const nodes = source?.['nodes'];
	const order = new Map(
		(Array.isArray(nodes) ? nodes : []).map((node, index) => [idOf(node), index]),
	);
	const place = (node: JsonObject) => order.get(idOf(node)) ?? order.size;
	const sorted = content.nodes.toSorted((a, b) => place(a) - place(b));
	return asWorkflow(id, { ...content, nodes: sorted });
}

function idOf(node: unknown): unknown {
	return typeof node === 'object' && node !== null && 'id' in node ? node.id : undefined;
}

function baseOf(workflow: InstanceWorkflow, sent: string, { api }: Target): Base {
	return {
		...{ instanceId: workflow.id, content: workflow.draft, sent },
		read: hashOf(workflow.draft),
		published: workflow.published !== undefined,
		appliedAt: new Date(api.now()).toISOString(),
	};
}

/** What was pulled counts as applied: the editor has nothing that the files do not have. */
async function note(target: Target, bases: [string, Base][]): Promise<void> {
	const lock = await takeLock(target.api, target.table, 'pull');
	try {
		for (const [id, base] of bases) await saveBase(target.table, id, base);
	} finally {
		await lock.release();
	}
}

async function writeWhole(file: string, text: string): Promise<void> {
	await mkdir(path.dirname(file), { recursive: true });
	const draft = `${file}.${process.pid}.tmp`;
	await writeFile(draft, text);
	await rename(draft, file);
}
