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
	for (const step of open.journal.steps) {
		run.signal?.throwIfAborted();
		run.lock.assertHeld();
		if (step.target === undefined) continue;
		run.tell({ phase: 'prepare', id: step.id, detail: step.action });
		const saved = await writeDraft(run, step, step.target);
		step.target = withWebhookIds(step.target, saved.draft);
		if (!isSame({ ...saved.draft, settings: {} }, { ...step.target, settings: {} })) {
			throw new DeployError(
				'instance',
				`n8n did not keep "${step.name}" as it was given: other is ${differences(step.target, saved.draft).join(', ')}.`,
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

async function writeDraft(
	{ instance }: Run,
	step: Step,
	target: Content,
): Promise<InstanceWorkflow> {
	const { instanceId, before } = step;
	if (before === null) return await instance.create(instanceId, target);
	if (before.archived) await instance.unarchive(instanceId);
	const present = await instance.workflow(instanceId);
	if (hashOf(present.draft) !== hashOf(before.draft)) throw editedMeanwhile(step, present);
	if (isSame({ ...present.draft, settings: {} }, { ...target, settings: {} })) return present;
	// The settings are not versioned: those of a published workflow are changed when it is switched.
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
	const { instance } = run;
	for (const step of open.journal.steps) {
		run.signal?.throwIfAborted();
		run.lock.assertHeld();
		run.tell({ phase: 'switch', id: step.id, detail: step.action });
		const present = await instance.workflow(step.instanceId);
		if (step.target === undefined) {
			if (present.published !== undefined) await instance.unpublish(step.instanceId);
			if (!present.archived) await instance.archive(step.instanceId);
			continue;
		}
		const settings = settingsToSend(step.target.settings, present.draft.settings);
		if (!isSame({ ...present.draft, settings }, present.draft)) {
			await instance.save(step.instanceId, { ...present.draft, settings });
		}
		if (!step.publish) {
			if (present.published !== undefined) await instance.unpublish(step.instanceId);
		} else if (present.published?.versionId !== step.versionId) {
			await instance.publish(step.instanceId, step.versionId ?? present.versionId);
		}
	}
}

/** Reads everything back: what runs must be what was planned, word for word. */
export async function verify(run: Run, open: OpenDeployment): Promise<void> {
	const bases: Record<string, Base> = {};
	const { revision } = open.journal;
	for (const step of open.journal.steps) {
		run.signal?.throwIfAborted();
		const { id, instanceId, name, target, publish } = step;
		if (target === undefined) continue;
		run.tell({ phase: 'verify', id, detail: publish ? 'runs what was planned' : 'is as planned' });
		const present = await run.instance.workflow(instanceId);
		const runs = publish ? present.published?.content : present.draft;
		if (runs === undefined || !isSame(runs, target)) {
			const how =
				runs === undefined
					? 'it is not in production'
					: `other is ${differences(target, runs).join(', ')}`;
			throw new DeployError(
				'instance',
				`"${name}" was published, and something else runs: ${how}.`,
				{
					advice: 'The log of n8n may say why.',
				},
			);
		}
		const versionId = publish ? present.published?.versionId : undefined;
		const problem = versionId && (await run.publication?.problemOf(instanceId, versionId));
		if (problem !== undefined) {
			throw new DeployError(
				'instance',
				`The triggers of "${name}" could not subscribe: ${problem}.`,
				{
					advice: 'Is the service up that it listens to, and is its credential right?',
				},
			);
		}
		bases[id] = {
			...{ instanceId, content: runs, published: publish },
			...{ sent: step.sent ?? hashOf(target), read: hashOf(runs) },
			...(revision === undefined ? {} : { revision }),
			appliedAt: new Date(run.api.now()).toISOString(),
		};
	}
	open.journal.bases = bases;
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
