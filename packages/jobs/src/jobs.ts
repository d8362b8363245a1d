import { queueCallback, secretOf } from '@autopilot/events';
import { conflict, notFound } from '@autopilot/http';
import type { Tx } from '@autopilot/postgres';
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { JobDefinition } from './definition.ts';
import type { Job, JobCallback } from './schema.ts';
import { endJob, findJob, finishedGroup, insertJob, type JobEnd, requestCancel } from './store.ts';

/**
 * Queues a job in the caller's transaction: it runs if and only if that commits.
 * @param options.callback  where to tell that it (and the others of the same url) has ended
 * @param options.callerId  whose key signs the call-back
 */
export async function enqueue<Payload extends z.ZodType>(
	tx: Tx,
	definition: JobDefinition<Payload>,
	payload: z.input<Payload>,
	options: {
		id?: string;
		correlationId: string;
		callerId?: string;
		callback?: JobCallback | undefined;
	},
): Promise<Job> {
	const { name, maxAttempts } = definition;
	return insertJob(tx, {
		...options,
		name,
		maxAttempts,
		payload: definition.payload.parse(payload),
	});
}

/**
 * Ends a job and, when it was the last of its group, queues the call-back, in one transaction.
 * @returns undefined when the job was not this run's to end
 */
export async function finish(
	tx: Tx,
	id: string,
	how: { token: string | null; end: JobEnd },
): Promise<Job | undefined> {
	const job = await endJob(tx, id, how);
	if (job === undefined) return undefined;
	const group = await finishedGroup(tx, id);
	if (group !== undefined) {
		await queueCallback(tx, {
			url: group.url,
			secret: callbackSecret(group.secretHash),
			body: {
				type: 'jobs.finished',
				timestamp: new Date().toISOString(),
				data: { jobs: group.jobs },
			},
			correlationId: job.correlationId,
		});
	}
	return job;
}

/**
 * Call-backs are signed with what both sides know of each other: the SHA-256 of the caller's API key.
 * So nobody has to exchange another secret, and the key itself is never stored.
 */
function callbackSecret(keyHash: Buffer | null): string {
	return secretOf(keyHash ?? createHash('sha256').update('').digest());
}

/**
 * Cancels a job: at once when it waits, as soon as its worker has stopped when it runs.
 * @throws {Problem} 404 for an unknown job, 409 for one that has ended
 */
export async function cancel(tx: Tx, id: string): Promise<Job> {
	if (await requestCancel(tx, id)) return found(await findJob(tx, id), id);
	const ended = await finish(tx, id, { token: null, end: { state: 'cancelled' } });
	if (ended !== undefined) return ended;
	const job = found(await findJob(tx, id), id);
	throw conflict('job_ended', `The job has ${job.state} already and can't be cancelled any more.`);
}

export function found(job: Job | undefined, id: string): Job {
	if (job === undefined) throw notFound('job', id);
	return job;
}
