import { hashOf, isSame, settingsToSend } from './content/content.ts';
import { DeployError, messageOf } from './errors.ts';
import type { InstanceWorkflow } from './n8n/instance.ts';
import { advance, type OpenDeployment, type Step } from './state/state.ts';
import type { Run } from './steps.ts';

/**
 * Puts everything back as it was before a deployment, in reverse order. Safe to repeat. An edit that somebody made
 * meanwhile stays as a draft.
 * @throws DeployError `half-undone`; the journal stays open then, and the next apply tries again
 */
export async function undo(run: Run, open: OpenDeployment): Promise<void> {
	const failures: string[] = [];
	const there = new Map((await run.instance.workflows()).map((one) => [one.id, one]));
	for (const step of open.journal.steps.toReversed()) {
		run.tell({ phase: 'undo', id: step.id, detail: step.before === null ? 'delete' : 'put back' });
		try {
			await undoStep(run, step, there.get(step.instanceId));
		} catch (error) {
			failures.push(`${step.name}: ${messageOf(error)}`);
		}
	}
	if (failures.length > 0) {
		throw new DeployError(
			'half-undone',
			`These could not be put back yet:\n  ${failures.join('\n  ')}`,
			{
				advice:
					'What they were is noted in n8n. The next `apply` or `rollback` tries again; nothing else needs to be done.',
			},
		);
	}
	await advance(run.table, open, 'undone');
}

async function undoStep(
	{ instance }: Run,
	step: Step,
	present: InstanceWorkflow | undefined,
): Promise<void> {
	const { instanceId, before } = step;
	if (before === null) {
		if (present === undefined) return;
		if (present.published !== undefined) await instance.unpublish(instanceId);
		if (!present.archived) await instance.archive(instanceId);
		return await instance.delete(instanceId);
	}
	if (present === undefined) throw new Error('it was deleted meanwhile');
	if (present.archived && !before.archived) await instance.unarchive(instanceId);
	await restoreProduction(instance, present, step, before);
	const isOurs = step.target === undefined || isWritten(present, step);
	if (isOurs && hashOf(present.draft) !== hashOf(before.draft)) {
		const settings = settingsToSend(before.draft.settings, present.draft.settings);
		await instance.save(instanceId, { ...before.draft, settings });
	}
	if (before.archived && !present.archived) await instance.archive(instanceId);
}

/** Whether the draft is what this deployment wrote, whether or not it has come to the settings. */
function isWritten({ draft }: InstanceWorkflow, { target, before }: Step): boolean {
	return [target, before?.draft].some(
		(one) => one !== undefined && isSame({ ...draft, settings: {} }, { ...one, settings: {} }),
	);
}

async function restoreProduction(
	instance: Run['instance'],
	{ published }: InstanceWorkflow,
	{ instanceId }: Step,
	before: NonNullable<Step['before']>,
): Promise<void> {
	const { publishedVersionId, published: content } = before;
	if (publishedVersionId === null) {
		if (published !== undefined) await instance.unpublish(instanceId);
		return;
	}
	if (published?.versionId === publishedVersionId) return;
	try {
		await instance.publish(instanceId, publishedVersionId);
	} catch (error) {
		// n8n's history is cleaned up after a day: the version may be gone, what it was is in the journal.
		if (!(error instanceof DeployError) || content === null) throw error;
		const saved = await instance.save(instanceId, content);
		await instance.publish(instanceId, saved.versionId);
	}
}
