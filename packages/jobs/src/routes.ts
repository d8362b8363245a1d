import { type App, type Command, pageOf, pageQuery, toPage } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { conflict } from '@autopilot/http';
import { z } from 'zod';
import { cancel, found } from './jobs.ts';
import { job, jobState } from './schema.ts';
import { findJob, listJobs, retryEnded } from './store.ts';

const tags = ['jobs'];
const params = z.object({ id: z.uuid() });
const read = { scope: 'jobs:read' };
const write = { scope: 'jobs:write' };

/** Jobs of the service: progress, cancellation, and the failed ones as dead letters. */
export function registerJobRoutes(
	app: App,
	{ db, command }: { db: Database; command: Command },
): void {
	app.get(
		'/api/v1/jobs',
		{
			config: read,
			schema: {
				tags,
				summary: 'List jobs; state=failed lists the dead letters',
				querystring: z.object({
					...pageQuery,
					cursor: z.uuid().optional(),
					state: jobState.optional(),
					name: z.string().optional(),
				}),
				response: { 200: pageOf(job) },
			},
		},
		async ({ query: { limit, cursor, ...filter } }) => {
			const rows = await listJobs(db, { ...filter, before: cursor, limit: limit + 1 });
			return toPage(rows, limit, (row) => row.id);
		},
	);
	app.get(
		'/api/v1/jobs/:id',
		{ config: read, schema: { tags, summary: 'Get a job', params, response: { 200: job } } },
		async ({ params: { id } }) => found(await findJob(db, id), id),
	);
	app.post(
		'/api/v1/jobs/:id/cancel',
		{ config: write, schema: { tags, summary: 'Cancel a job', params, response: { 202: job } } },
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 202,
				body: await cancel(tx, request.params.id),
			})),
	);
	app.post(
		'/api/v1/jobs/:id/retry',
		{
			config: write,
			schema: {
				tags,
				summary: 'Run a failed or cancelled job again',
				params,
				response: { 202: job },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				const { id } = request.params;
				const again = await retryEnded(tx, id);
				if (again !== undefined) return { status: 202, body: again };
				const { state } = found(await findJob(tx, id), id);
				throw conflict('job_not_ended', `The job is ${state}; only an ended one can run again.`);
			}),
	);
}
