import { connectRedis, createLogger } from '@autopilot/http';
import { connect } from '@autopilot/postgres';
import { handle, startJobWorker } from '../src/index.ts';
import { note } from './sample-jobs.ts';

/** A worker that the tests kill: it notes that it runs, and never ends a job that hangs. */
const [databaseUrl = '', redisUrl = ''] = process.argv.slice(2);
const db = connect(databaseUrl, { name: 'doomed worker' });
await startJobWorker({
	db,
	redis: connectRedis(redisUrl, { name: 'doomed worker' }),
	logger: createLogger('doomed', 'silent'),
	queue: 'test',
	concurrency: 2,
	leaseSeconds: 60,
	handlers: [
		handle(note, async ({ payload }) => {
			await db.query('INSERT INTO runs (text, pid) VALUES ($1, $2)', [payload.text, process.pid]);
			if (payload.hang) await new Promise(() => undefined);
		}),
	],
});
