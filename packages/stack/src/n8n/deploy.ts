import { setTimeout as delay } from 'node:timers/promises';
import {
	apply,
	DeployError,
	openTarget,
	plainEnvironment,
	readFolder,
	type Applied,
	type Target,
} from '@autopilot/workflow-deploy';
import type { Report, StackContext } from '../component.ts';

const ATTEMPTS = 5;

/** This stack's n8n as something to deploy to. */
export function stackTarget({ wiring, secrets }: StackContext): Promise<Target> {
	const { ownerEmail: email, ownerPassword: password, apiKey = '' } = secrets.n8n;
	const environment = plainEnvironment('stack', wiring.n8nUrl, apiKey);
	return openTarget({ ...environment, owner: { email, password } });
}

/**
 * Brings the workflow files into n8n, as `autopilot workflows apply` does. What somebody has edited in the editor stays as
 * it is. Several tries: n8n loads its webhooks some moments after it calls itself ready.
 */
export async function deployWorkflows(
	target: Target,
	folder: string,
	{ report, signal }: { report: Report; signal: AbortSignal },
): Promise<Applied> {
	const files = await readFolder(folder);
	for (let attempt = 1; ; attempt += 1) {
		try {
			const applied = await apply(target, files, {
				...{ edited: 'keep', what: 'up', signal },
				onProgress: ({ phase, id }) => report(id === undefined ? phase : `${phase} ${id}`),
			});
			await wakeTriggers(target, applied);
			return applied;
		} catch (error) {
			const isPassing = error instanceof DeployError && ['undone', 'instance'].includes(error.code);
			if (!isPassing || attempt === ATTEMPTS) throw error;
			await delay(1000, undefined, { signal });
		}
	}
}

/** Triggers of workflows that were in production already: at n8n's start a service may not have been up yet. */
async function wakeTriggers(
	{ instance, publication }: Target,
	{ plan, changed }: Applied,
): Promise<void> {
	const untouched = plan.items.filter(({ id }) => !changed.some((one) => one.id === id));
	for (const { instanceId, name, current } of untouched) {
		const version = current?.published?.versionId;
		if (version === undefined) continue;
		if ((await publication?.problemOf(instanceId, version)) === undefined) continue;
		await instance.unpublish(instanceId);
		await instance.publish(instanceId, version);
		const problem = await publication?.problemOf(instanceId, version);
		if (problem === undefined) continue;
		throw new DeployError('instance', `The triggers of "${name}" could not subscribe: ${problem}`, {
			advice: 'Open the workflow in the editor: its red marks say what is missing.',
		});
	}
}
