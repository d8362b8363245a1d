import { hashOf, isSame, settingsToSend, withWebhookIds, type Content } from './content/content.ts';
import type { ApplyProgress } from './apply.ts';
import { differences } from './content/differences.ts';
import { DeployError } from './errors.ts';
import type { InstanceWorkflow } from './n8n/instance.ts';
import type { Lock } from './state/lock.ts';
import {
	advance,
	dropBase,
	forgetOldDeployments,
	saveBase,
	type Base,
	type OpenDeployment,
	type Step,
} from './state/state.ts';
import type { Target } from './target.ts';

/** A deployment under way. */
export interface Run extends Target {
	lock: Lock;
	tell: (progress: ApplyProgress) => void;
	signal: AbortSignal | undefined;
}

/** Writes all drafts. Production does not notice: n8n runs the published version. */
export async function prepare(run: Run, open: OpenDeployment): Promise<void> {
	const { steps } = open.journal;
	const created = steps.flatMap(({ instanceId, target, before }) =>
		before === null && target !== undefined ? [{ id: instanceId, content: target }] : [],
	);
	if (created.length > 0) {
		run.lock.assertHeld();
		for (const { id, before } of steps) {
			if (before === null) run.tell({ phase: 'prepare', id, detail: 'create' });
		}
		await run.instance.create(created);
	}
	const present = created.length > 0 ? await presentOf(run) : new Map<string, InstanceWorkflow>();
	for (const step of steps) {
		run.signal?.throwIfAborted();
		run.lock.assertHeld();
		const { before, target } = step;
		if (target === undefined) continue;
		if (before !== null) run.tell({ phase: 'prepare', id: step.id, detail: step.action });
		const saved =
			before === null
				? present.get(step.instanceId)
				: await writeDraft(run, step, { before, target });
		if (saved !== undefined) step.target = withWebhookIds(target, saved.draft);
		if (saved === undefined || !isSameGraph(saved.draft, step.target ?? target)) {
			const how =
				saved === undefined
					? 'it is not there'
					: `other is ${differences(step.target ?? target, saved.draft).join(', ')}`;
			throw new DeployError(
				'instance',
				`n8n did not keep "${step.name}" as it was given: ${how}.`,
				{
					advice:
						'It drops what it does not know: a credential that was deleted meanwhile, a field of another version.',
				},
			);
		}
		step.versionId = saved.versionId;
	}
	await advance(run.table, open, 'switching');
}

async function presentOf({ instance }: Run): Promise<Map<string, InstanceWorkflow>> {
	return new Map((await instance.workflows()).map((workflow) => [workflow.id, workflow]));
}

/** But for the settings, which n8n does not version: those of a published workflow are changed when it is switched. */
function isSameGraph(left: Content, right: Content): boolean {
	return isSame({ ...left, settings: {} }, { ...right, settings: {} });
}

async function writeDraft(
	{ instance }: Run,
	step: Step,
	{ before, target }: { before: NonNullable<Step['before']>; target: Content },
): Promise<InstanceWorkflow> {
	const { instanceId } = step;
	if (before.archived) await instance.unarchive(instanceId);
	const present = await instance.workflow(instanceId);
	if (hashOf(present.draft) !== hashOf(before.draft)) throw editedMeanwhile(step, present);
	if (isSameGraph(present.draft, target)) return present;
	const settings =
		present.published === undefined
			? settingsToSend(target.settings, present.draft.settings)
			: present.draft.settings;
	const saved = await instance.save(instanceId, { ...target, settings });
	// Somebody saved between our reading and our writing. n8n has their version in its history.
	if (saved.saves !== undefined && present.saves !== undefined && saved.saves > present.saves + 1) {
		throw editedMeanwhile(step, present);
	}
	return saved;
}

function editedMeanwhile({ name }: Step, { updatedAt }: InstanceWorkflow): DeployError {
	return new DeployError(
		'stale-plan',
		`"${name}" was edited in the editor in this moment (${updatedAt}).`,
		{
			advice: 'Look at `autopilot workflows drift`, then plan and apply again.',
		},
	);
}

/** Puts everything into production, what is called before what calls it. */
export async function switchOver(run: Run, open: OpenDeployment): Promise<void> {
	const there = await presentOf(run);
	for (const step of open.journal.steps) {
		run.signal?.throwIfAborted();
		run.lock.assertHeld();
		const present = there.get(step.instanceId);
		if (present === undefined) {
			throw new DeployError('instance', `"${step.name}" was deleted in this moment.`, {
				advice: 'Look at `autopilot workflows drift`, then apply again.',
			});
		}
		run.tell({ phase: 'switch', id: step.id, detail: step.action });
		await switchOne(run, step, present);
	}
}

async function switchOne({ instance }: Run, step: Step, present: InstanceWorkflow): Promise<void> {
	const { instanceId, target, publish, versionId } = step;
	if (target === undefined) {
		if (present.published !== undefined) await instance.unpublish(instanceId);
		if (!present.archived) await instance.archive(instanceId);
		return;
	}
	if (!isSame({ ...present.draft, settings: target.settings }, present.draft)) {
		const { draft } = await instance.workflow(instanceId);
		const settings = settingsToSend(target.settings, draft.settings);
		await instance.save(instanceId, { ...draft, settings });
	}
	if (!publish) {
		if (present.published !== undefined) await instance.unpublish(instanceId);
	} else if (present.published?.versionId !== versionId) {
		await instance.publish(instanceId, versionId ?? present.versionId);
	}
}

/** Reads everything back: what runs must be what was planned, word for word. */
export async function verify(run: Run, open: OpenDeployment): Promise<void> {
	const there = await presentOf(run);
	const { revision, steps } = open.journal;
	const appliedAt = new Date(run.api.now()).toISOString();
	const noted = await Promise.all(
		steps.map(async (step): Promise<[string, Base][]> => {
			if (step.target === undefined) return [];
			const content = await proof(run, step, there.get(step.instanceId));
			const { id, instanceId, publish } = step;
			const base: Base = {
				...{ instanceId, content, published: publish, appliedAt },
				...{ sent: step.sent ?? hashOf(step.target), read: hashOf(content) },
				...(revision === undefined ? {} : { revision }),
			};
			return [[id, base]];
		}),
	);
	open.journal.bases = Object.fromEntries(noted.flat());
}

/** @returns what runs, after it was found to be what it shall be */
async function proof(
	run: Run,
	{ id, instanceId, name, target, publish }: Step,
	present: InstanceWorkflow | undefined,
): Promise<Content> {
	run.tell({ phase: 'verify', id, detail: publish ? 'runs what was planned' : 'is as planned' });
	const runs = publish ? present?.published?.content : present?.draft;
	if (runs === undefined || target === undefined || !isSame(runs, target)) {
		const how =
			runs === undefined || target === undefined
				? 'it is not in production'
				: `other is ${differences(target, runs).join(', ')}`;
		throw new DeployError('instance', `"${name}" was published, and something else runs: ${how}.`, {
			advice: 'The log of n8n may say why.',
		});
	}
	const versionId = publish ? present?.published?.versionId : undefined;
	const problem = versionId && (await run.publication?.problemOf(instanceId, versionId));
	if (problem === undefined) return runs;
	throw new DeployError('instance', `The triggers of "${name}" could not subscribe: ${problem}.`, {
		advice: 'Is the service up that it listens to, and is its credential right?',
	});
}

/** From here on it counts. */
export async function commit({ table }: Run, open: OpenDeployment): Promise<void> {
	await advance(table, open, 'committed');
	for (const [id, base] of Object.entries(open.journal.bases ?? {}))
		await saveBase(table, id, base);
	for (const { id, action } of open.journal.steps)
		if (action === 'remove') await dropBase(table, id);
	await advance(table, open, 'done');
	await forgetOldDeployments(table);
}
