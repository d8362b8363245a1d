import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { jsonText, type JsonObject } from '@autopilot/workflow-kit';
import { differences } from './content/differences.ts';
import { asWorkflow, hashOf, isSame, withWebhookIds, type Content } from './content/content.ts';
import type { WorkflowFiles } from './files.ts';
import type { InstanceWorkflow } from './n8n/instance.ts';
import { makePlan } from './plan.ts';
import { takeLock } from './state/lock.ts';
import { readState, saveBase } from './state/state.ts';
import type { Target } from './target.ts';

export interface PullOptions {
	folder: string;
	/** Ids (of the files); default: all that are in the files or were applied. */
	only?: readonly string[];
	/** Workflows of n8n that no file has, too. */
	all?: boolean;
	/** Also where the files have changed since the last apply: the editor's version takes their place. */
	overwriteFiles?: boolean;
	/** Says what it would do. */
	dryRun?: boolean;
}

/** What is known of a workflow of n8n. */
interface Known {
	id: string;
	filesMoved: boolean;
}

export interface Pulled {
	id: string;
	name: string;
	path: string;
	/** `refused`: the files have changed since the last apply, too. */
	result: 'written' | 'unchanged' | 'refused';
	changes: string[];
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
	const known = new Map<string, Known>(plan.items.map((item) => [item.instanceId, item]));
	for (const [id, { instanceId }] of bases) {
		if (!known.has(instanceId)) known.set(instanceId, { id, filesMoved: false });
	}
	const pulled: Pulled[] = [];
	const noted: { id: string; workflow: InstanceWorkflow; sent: Content }[] = [];
	for (const workflow of present) {
		const item = known.get(workflow.id);
		if (workflow.archived || (item === undefined && options.all !== true)) continue;
		const id = item?.id ?? workflow.id;
		if (options.only !== undefined && !options.only.includes(id)) continue;
		const file = files.workflows.find((one) => one.id === id);
		const place = file?.path ?? path.join(options.folder, `${id}.json`);
		const content = plan.binder.toFiles(workflow.draft);
		const common = { id, name: content.name, path: place };
		if (file !== undefined && isSame(content, withWebhookIds(file.content, content))) {
			pulled.push({ ...common, result: 'unchanged', changes: [] });
			continue;
		}
		const changes = file === undefined ? ['new file'] : differences(file.content, content);
		const base = bases.get(id);
		const editorMoved = base === undefined || base.read !== hashOf(workflow.draft);
		if (!editorMoved || (item?.filesMoved === true && options.overwriteFiles !== true)) {
			// Only the files have moved: there is nothing to bring back.
			pulled.push({
				...common,
				result: editorMoved ? 'refused' : 'unchanged',
				changes: editorMoved ? changes : [],
			});
			continue;
		}
		if (options.dryRun !== true) {
			await writeWhole(place, jsonText(asFile(id, content, file?.source)));
			noted.push({ id, workflow, sent: plan.binder.toInstance(content).content });
		}
		pulled.push({ ...common, result: 'written', changes });
	}
	if (noted.length > 0) await note(target, noted);
	return pulled;
}

/** The file's own order of nodes and its extra keys stay; pinned data does not come along. */
function asFile(id: string, content: Content, source: JsonObject | undefined): JsonObject {
	const order = new Map(
		(Array.isArray(source?.['nodes']) ? source['nodes'] : []).map((node, index) => [
			nodeId(node),
			index,
		]),
	);
	const place = (node: JsonObject) => order.get(nodeId(node)) ?? order.size;
	return asWorkflow(id, {
		...content,
		nodes: content.nodes.toSorted((a, b) => place(a) - place(b)),
	});
}

function nodeId(node: unknown): unknown {
	return typeof node === 'object' && node !== null && 'id' in node ? node.id : undefined;
}

/** What was pulled counts as applied: files and editor agree. */
async function note(
	target: Target,
	workflows: { id: string; workflow: InstanceWorkflow; sent: Content }[],
): Promise<void> {
	const lock = await takeLock(target.api, target.table, 'pull');
	try {
		for (const { id, workflow, sent } of workflows) {
			await saveBase(target.table, id, {
				...{ instanceId: workflow.id, content: workflow.draft },
				...{ sent: hashOf(sent), read: hashOf(workflow.draft) },
				published: workflow.published !== undefined,
				appliedAt: new Date(target.api.now()).toISOString(),
			});
		}
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
