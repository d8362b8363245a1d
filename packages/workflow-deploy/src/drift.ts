import { changeLines } from './content/differences.ts';
import { hashOf, isSame, type Content } from './content/content.ts';
import type { WorkflowFiles } from './files.ts';
import { makePlan, type Plan, type PlanItem } from './plan.ts';
import { readState } from './state/state.ts';
import type { Target } from './target.ts';

/** What has moved since the last apply. */
export type DriftStatus =
	| 'in-sync'
	/** The files have changed; apply brings it to n8n. */
	| 'files'
	/** The editor has changed it. */
	| 'editor'
	/** Both have, and not to the same. */
	| 'both'
	/** In the files and not in n8n. */
	| 'new'
	/** Differs from the files, and it is not known who changed what: it was never applied. */
	| 'unknown'
	/** Applied once; no longer in the files. */
	| 'left-files';

export interface Drift {
	id: string;
	name: string;
	path: string | undefined;
	status: DriftStatus;
	/** What the editor did: content, deleted, archived, unpublished. */
	edit: PlanItem['edit'];
	/** The editor has a draft that is not in production. */
	unpublishedDraft: boolean;
	/** When n8n saved it last. */
	savedAt: string | undefined;
	/** Since the last apply. */
	editorChanges: string[];
	fileChanges: string[];
}

/** Compares files, instance and what was applied last, workflow by workflow. Changes nothing. */
export async function findDrift(
	target: Target,
	files: WorkflowFiles,
): Promise<{ drifts: Drift[]; plan: Plan }> {
	const [plan, { bases }] = await Promise.all([
		makePlan(target, files, { edited: 'overwrite' }),
		readState(target.table),
	]);
	const drifts = plan.items.map(driftOf);
	const known = new Set(files.workflows.map(({ id }) => id));
	const left = [...bases].filter(([id]) => !known.has(id));
	const present = left.length === 0 ? [] : await target.instance.workflows();
	for (const [id, base] of left) {
		const current = present.find((one) => one.id === base.instanceId);
		if (current === undefined || current.archived) continue;
		drifts.push({
			...{ id, name: current.draft.name, path: undefined, status: 'left-files' as const },
			...{ edit: hashOf(current.draft) === base.read ? undefined : ('content' as const) },
			...{ unpublishedDraft: hasUnpublishedDraft(current), savedAt: current.updatedAt },
			...{ editorChanges: changeLines(base.content, current.draft), fileChanges: [] },
		});
	}
	return { drifts, plan };
}

function driftOf(item: PlanItem): Drift {
	const { id, name, path, edit, current, base, target, filesMoved } = item;
	const isEqual = item.action === 'unchanged';
	return {
		...{ id, name, path, edit, savedAt: current?.updatedAt },
		status: statusOf(item),
		unpublishedDraft: current !== undefined && hasUnpublishedDraft(current),
		editorChanges:
			current && !isEqual && edit !== undefined
				? changeLines(base?.content ?? emptyOf(target), current.draft)
				: [],
		fileChanges:
			target && !isEqual && (filesMoved || base === undefined)
				? changeLines(base?.content ?? current?.draft ?? target, target)
				: [],
	};
}

function emptyOf(target: Content | undefined): Content {
	return target ?? { name: '', nodes: [], connections: {}, settings: {} };
}

function statusOf({ action, edit, current, base, filesMoved }: PlanItem): DriftStatus {
	if (action === 'unchanged') return 'in-sync';
	if (current === undefined && base === undefined) return 'new';
	if (base === undefined) return edit === 'unknown' ? 'unknown' : 'files';
	if (edit === undefined) return 'files';
	return filesMoved ? 'both' : 'editor';
}

function hasUnpublishedDraft({ draft, published }: NonNullable<PlanItem['current']>): boolean {
	return published !== undefined && !isSame(draft, published.content);
}
