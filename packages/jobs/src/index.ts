import { migrationsIn } from '@autopilot/postgres';

export {
	defineJob,
	handle,
	type JobContext,
	type JobDefinition,
	JobFailure,
	type JobHandler,
} from './definition.ts';
export { cancel, enqueue } from './jobs.ts';
export { registerJobRoutes } from './routes.ts';
export { callback, job, type Job, type JobCallback, jobState } from './schema.ts';
export { findJob } from './store.ts';
export { type JobWorkerOptions, startJobWorker } from './worker.ts';

/** Tables of this package. They need those of `http` and `events` beside them. */
export const jobMigrations = migrationsIn('jobs', import.meta.url);
