import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { hashOf } from './content/content.ts';
import { commit, prepare, switchOver, verify, type Run } from './steps.ts';
import { DeployError, messageOf } from './errors.ts';
import type { WorkflowFiles } from './files.ts';
import {
	blockersOf,
	changesOf,
	makePlan,
	type Plan,
	type PlanItem,
	type PlanOptions,
} from './plan.ts';
import { takeLock } from './state/lock.ts';
import { begin, readState, saveBase, type Base, type Step } from './state/state.ts';
import type { Target } from './target.ts';
import { undo } from './undo.ts';

export interface ApplyOptions extends PlanOptions {
	/** Refuses when files or instance are not what they were for this plan. */
	expected?: { filesHash: string; instanceHash: string };
	/** For the log of deployments: `apply`, `rollback HEAD~1`. */
	what?: string;
	onProgress?: (progress: ApplyProgress) => void;
	/** Ends it when aborted: what was applied is put back. */
	signal?: AbortSignal;
}

export interface ApplyProgress {
	phase: 'recover' | 'prepare' | 'switch' | 'verify' | 'undo';
	/** Of the workflow, in the files. */
	id?: string;
	detail: string;
}

export interface Applied {
	plan: Plan;
	/** What was done with a deployment that a killed process had left. */
	recovered: 'finished' | 'undone' | undefined;
	changed: { id: string; action: PlanItem['action'] }[];
}

/**
 * Brings an instance to what the files say: all of it or nothing. Drafts are written first, which production does not
 * see; then each is put into production, what is called before what calls it; then all is read back.
 * @throws DeployError `blocked` before anything is touched; `undone` when it failed and all was put back
 */
export async function apply(
	target: Target,
	files: WorkflowFiles,
	options: ApplyOptions = {},
): Promise<Applied> {
	const first = await makePlan(target, files, options);
	if (first.interrupted === undefined) {
		check(first, options);
		if (changesOf(first).length === 0 && unnoted(first).length === 0) {
			return { plan: first, recovered: undefined, changed: [] };
		}
	}
	const lock = await takeLock(target.api, target.table, options.what ?? 'apply');
	try {
		const run: Run = {
			...target,
			lock,
			tell: options.onProgress ?? (() => undefined),
			signal: options.signal,
		};
		const recovered = await recover(run);
		const plan = await makePlan(target, files, options);
		check(plan, recovered === undefined ? options : { ...options, expected: undefined });
		const items = changesOf(plan);
		if (items.length > 0) await deploy(run, plan, items);
		for (const [id, base] of unnoted(plan)) await saveBase(target.table, id, base);
		return { plan, recovered, changed: items.map(({ id, action }) => ({ id, action })) };
	} finally {
		await lock.release();
	}
}

async function deploy(run: Run, plan: Plan, items: PlanItem[]): Promise<void> {
	const open = await begin(run.table, randomUUID(), {
		startedAt: new Date(run.api.now()).toISOString(),
		by: `${userInfo().username}@${hostname()}`,
		...(plan.revision === undefined ? {} : { revision: plan.revision }),
		steps: items.map(stepOf),
	});
	try {
		await prepare(run, open);
		await switchOver(run, open);
		await verify(run, open);
	} catch (error) {
		await undo(run, open);
		const what = error instanceof DeployError ? error.message : `It failed: ${messageOf(error)}`;
		throw new DeployError(
			'undone',
			`${what}\nNothing of it was kept: all workflows are as they were.`,
			{
				advice: error instanceof DeployError ? error.advice : 'Mend the cause and apply again.',
				cause: error,
			},
		);
	}
	await commit(run, open);
}

/** Finishes what a killed process had begun, when all drafts were written; otherwise puts everything back. */
async function recover(run: Run): Promise<Applied['recovered']> {
	const { open } = await readState(run.table);
	if (open === undefined) return undefined;
	const { startedAt, by } = open.journal;
	run.tell({ phase: 'recover', detail: `a deployment of ${startedAt} by ${by} was interrupted` });
	if (open.phase !== 'preparing') {
		try {
			if (open.phase === 'switching') {
				await switchOver(run, open);
				await verify(run, open);
			}
			await commit(run, open);
			return 'finished';
		} catch (error) {
			if (!(error instanceof DeployError) || error.code === 'locked') throw error;
			run.tell({ phase: 'recover', detail: `it cannot be finished: ${error.message}` });
		}
	}
	await undo(run, open);
	return 'undone';
}

function check(
	plan: Plan,
	{ expected }: Pick<ApplyOptions, 'expected'> | { expected: undefined },
): void {
	if (expected !== undefined && expected.filesHash !== plan.filesHash) {
		throw stale('The files are not those that the plan was made for.');
	}
	if (expected !== undefined && expected.instanceHash !== plan.instanceHash) {
		throw stale(`The workflows of ${plan.url} are not as they were when the plan was made.`);
	}
	const blockers = blockersOf(plan);
	if (blockers.length === 0) return;
	const lines = [...plan.broken, ...plan.items].flatMap((one) =>
		one.findings
			.filter(({ severity }) => severity === 'error')
			.map(
				({ message, advice }) =>
					`${one.path ?? ('id' in one ? one.id : '')}: ${message}\n    ${advice}`,
			),
	);
	throw new DeployError(
		'blocked',
		`Nothing was applied, because of ${blockers.length === 1 ? 'this' : `these ${blockers.length}`}:\n  ${lines.join('\n  ')}`,
		{
			advice: '`autopilot workflows plan` shows all that would be done.',
		},
	);
}

function stale(message: string): DeployError {
	return new DeployError('stale-plan', `${message} Nothing was applied.`, {
		advice: 'Make a new plan and look at it: autopilot workflows plan',
	});
}

function stepOf({ id, instanceId, name, action, publish, target, sent, current }: PlanItem): Step {
	return {
		...{ id, instanceId, name, publish },
		action: action === 'unchanged' ? 'update' : action,
		...(target === undefined ? {} : { target, sent }),
		before:
			current === undefined
				? null
				: {
						draft: current.draft,
						archived: current.archived,
						publishedVersionId: current.published?.versionId ?? null,
						published: current.published?.content ?? null,
					},
	};
}

/** Workflows that are as they should be but were never noted, or noted otherwise: imported, or edited to the same. */
function unnoted(plan: Plan): [string, Base][] {
	return plan.items.flatMap(
		({ id, action, edit, target, sent, current, base, instanceId }): [string, Base][] => {
			if (action !== 'unchanged' || target === undefined || current === undefined) return [];
			const read = hashOf(current.draft);
			const published = current.published !== undefined;
			const isKept = edit !== undefined && hashOf(target) !== read;
			if (isKept || (base?.sent === sent && base.read === read && base.published === published))
				return [];
			const appliedAt = new Date().toISOString();
			const revision = plan.revision === undefined ? {} : { revision: plan.revision };
			return [
				[id, { instanceId, sent, read, content: current.draft, published, ...revision, appliedAt }],
			];
		},
	);
}
