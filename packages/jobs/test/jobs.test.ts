import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEgress } from '@autopilot/egress';
import { emit, eventMigrations, secretOf, startDeliveryWorker, verify } from '@autopilot/events';
import {
	type App,
	commandRunner,
	connectRedis,
	createApiKey,
	createApp,
	createLogger,
	httpMigrations,
} from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { createTestDatabase, startTestRedis, until } from '@autopilot/postgres/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import {
	enqueue,
	findJob,
	handle,
	type Job,
	type JobCallback,
	type JobContext,
	JobFailure,
	jobMigrations,
	registerJobRoutes,
	startJobWorker,
} from '../src/index.ts';
import { claimJob } from '../src/store.ts';
import { note } from './sample-jobs.ts';

type Context = JobContext<z.output<typeof note.payload>>;

const migrations = [httpMigrations, eventMigrations, jobMigrations];
const logger = createLogger('test', 'silent');
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let redisServer: Awaited<ReturnType<typeof startTestRedis>>;
let redis: ReturnType<typeof connectRedis>;
let app: App;
let key: Awaited<ReturnType<typeof createApiKey>>;
let stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
	database = await createTestDatabase(migrations);
	redisServer = await startTestRedis();
	redis = connectRedis(redisServer.url, { name: 'test' });
	const { db } = database;
	await db.query('CREATE TABLE runs (n serial, text text, pid int)');
	key = await createApiKey(db, { name: 'tester', scopes: ['*'] });
	app = await createApp({
		name: 'jobs',
		description: '',
		url: 'http://127.0.0.1',
		db,
		redis,
		logger,
		migrations,
		rateLimitPerMinute: 10_000,
	});
	registerJobRoutes(app, { db, command: commandRunner(db) });
});
afterEach(async () => {
	await Promise.all(stops.map((stop) => stop()));
	stops = [];
	await database.db.query('DELETE FROM jobs');
});
afterAll(async () => {
	await app.close();
	redis.disconnect();
	await redisServer.stop();
	await database.drop();
});

const work = async (
	run: (context: Context) => Promise<unknown>,
	finished?: Parameters<typeof handle>[2],
	db = database.db,
) => {
	stops.push(
		await startJobWorker({
			db,
			redis,
			logger,
			queue: 'test',
			concurrency: 4,
			// So long that a machine that is slow for a while does not lose one; tests that need an end write it down.
			leaseSeconds: 30,
			handlers: [handle(note, run, finished)],
		}),
	);
};
const queue = (payload: z.input<typeof note.payload>, callback?: JobCallback) =>
	database.db.transaction((tx) =>
		enqueue(tx, note, payload, { correlationId: 'c-1', callerId: key.id, callback }),
	);
const ended = (id: string, state: Job['state']) =>
	until(async () => {
		const job = await findJob(database.db, id);
		return job?.state === state && job;
	});
const post = (url: string) =>
	app.inject({ method: 'POST', url, headers: { authorization: `Bearer ${key.key}` } });
const runsOf = async (text: string) => {
	const { rows } = await database.db.query<{ pid: number }>(
		'SELECT pid FROM runs WHERE text = $1 ORDER BY n',
		[text],
	);
	return rows;
};
/** Jobs whose workers have died: their leases run out one after the other. */
const orphans = async (count: number, { attempts, everyMs }: Record<string, number>) => {
	const { rows } = await database.db.query<{ id: string }>(
		`INSERT INTO jobs (name, payload, state, attempts, max_attempts, run_token, lease_until, correlation_id)
		SELECT $1, '{"text": "orphan"}', 'running', $2, $3, gen_random_uuid(), now() + n * make_interval(secs => $4), 'c'
		FROM generate_series(1, $5) n RETURNING id`,
		[note.name, attempts, note.maxAttempts, (everyMs ?? 0) / 1000, count],
	);
	return rows.map(({ id }) => id);
};

describe('a job', () => {
	it('runs once, though several workers wait for it, and keeps its result', async () => {
		const seen: string[] = [];
		const run = async ({ payload, progress }: Context) => {
			progress(40, 'writing');
			seen.push(payload.text);
			return { words: 1 };
		};
		await Promise.all([work(run), work(run)]);
		const { id } = await queue({ text: 'once' });
		const job = await ended(id, 'succeeded');
		expect(job).toMatchObject({ result: { words: 1 }, attempts: 1, progress: { percent: 100 } });
		expect(seen).toEqual(['once']);
	});

	it('is refused when its payload is wrong, and does not exist when its transaction fails', async () => {
		await expect(queue({ text: '' })).rejects.toThrow('text');
		let id = '';
		const undone = database.db.transaction(async (tx) => {
			({ id } = await enqueue(tx, note, { text: 'undone' }, { correlationId: 'c' }));
			throw new Error('undone');
		});
		await expect(undone).rejects.toThrow('undone');
		expect(await findJob(database.db, id)).toBeUndefined();
	});

	it('shows its progress while it runs', async () => {
		const release = Promise.withResolvers<void>();
		await work(async ({ progress }) => {
			progress(33, 'half way');
			await release.promise;
		});
		const { id } = await queue({ text: 'slow' });
		await until(async () => (await findJob(database.db, id))?.progress.step === 'half way');
		const answer = await app.inject({
			url: `/api/v1/jobs/${id}`,
			headers: { authorization: `Bearer ${key.key}` },
		});
		expect(answer.json()).toMatchObject({ state: 'running', progress: { percent: 33 } });
		release.resolve();
		await ended(id, 'succeeded');
	});

	it('is tried again after a failure, and fails when no attempt is left', async () => {
		await work(async ({ attempt, payload }) => {
			if (payload.text === 'hopeless' || attempt === 1) throw new Error(`attempt ${attempt}`);
		});
		const [flaky, hopeless] = await Promise.all([
			queue({ text: 'flaky' }),
			queue({ text: 'hopeless' }),
		]);
		expect((await ended(flaky.id, 'succeeded')).attempts).toBe(2);
		const dead = await ended(hopeless.id, 'failed');
		expect(dead).toMatchObject({
			attempts: 3,
			error: { code: 'run_failed', message: 'attempt 3' },
		});
		expect((await post(`/api/v1/jobs/${flaky.id}/retry`)).statusCode).toBe(409);
		expect((await post(`/api/v1/jobs/${hopeless.id}/retry`)).statusCode).toBe(202);
	});

	it('fails at once when another try would not help, and tells so in the same transaction', async () => {
		await work(
			async () => {
				throw new JobFailure('image_unreadable', 'The image can not be read.');
			},
			(tx, job) =>
				emit(tx, {
					type: 'note.failed',
					aggregate: { type: 'note', id: job.id },
					data: job,
					correlationId: 'c',
				}),
		);
		const { id } = await queue({ text: 'broken image' });
		const job = await ended(id, 'failed');
		expect(job).toMatchObject({ attempts: 1, error: { code: 'image_unreadable' } });
		const { rows } = await database.db.query(`SELECT 1 FROM outbox WHERE aggregate_id = $1`, [id]);
		expect(rows).toHaveLength(1);
	});
});

describe('cancellation', () => {
	it('of a waiting job is immediate, of a running one stops it, of an ended one is refused', async () => {
		const waiting = await queue({ text: 'waiting' });
		expect((await post(`/api/v1/jobs/${waiting.id}/cancel`)).json().state).toBe('cancelled');
		await work(
			({ signal }) =>
				new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
		);
		const running = await queue({ text: 'running' });
		await ended(running.id, 'running');
		expect((await post(`/api/v1/jobs/${running.id}/cancel`)).statusCode).toBe(202);
		await ended(running.id, 'cancelled');
		expect((await post(`/api/v1/jobs/${running.id}/cancel`)).statusCode).toBe(409);
	});

	it('is heard by a worker that has taken the job, and does not know it yet', async () => {
		const heard = Promise.withResolvers<void>();
		const ran: string[] = [];
		// The database's answer to the claim takes its time: somebody cancels meanwhile, and that is told first.
		const slow: Database = {
			...database.db,
			async query(sql, values) {
				const answer = await database.db.query<never>(sql, values);
				if (String(sql).includes('attempts = attempts + 1') && answer.rowCount === 1) {
					expect((await post(`/api/v1/jobs/${id}/cancel`)).statusCode).toBe(202);
					await heard.promise;
				}
				return answer;
			},
			listen: (channel, listener) =>
				database.db.listen(channel, (payload) => {
					listener(payload);
					if (channel === 'jobs_cancel') heard.resolve();
				}),
		};
		const { id } = await queue({ text: 'taken' });
		await work(async ({ payload }) => ran.push(payload.text), undefined, slow);
		expect(await ended(id, 'cancelled')).toMatchObject({ attempts: 1, result: null });
		expect(ran).toEqual([]);
	});

	it('holds when the worker dies before it has heard of it', async () => {
		const [id = ''] = await orphans(1, { attempts: 1, everyMs: 0 });
		expect((await post(`/api/v1/jobs/${id}/cancel`)).statusCode).toBe(202);
		const ran: string[] = [];
		await work(async ({ payload }) => ran.push(payload.text));
		expect((await ended(id, 'cancelled')).attempts).toBe(2);
		expect(ran).toEqual([]);
	});

	it('is not refused because a worker takes the job at the same moment', async () => {
		const { id } = await queue({ text: 'contested' });
		const committed = database.db.transaction(async (tx) => {
			const lease = { token: randomUUID(), leaseSeconds: 30 };
			expect(await claimJob(tx, id, lease)).toMatchObject({ id });
			const answer = post(`/api/v1/jobs/${id}/cancel`);
			const waiting = `SELECT 1 FROM pg_stat_activity
				WHERE datname = current_database() AND wait_event_type = 'Lock'`;
			await until(async () => (await database.db.query(waiting)).rowCount === 1);
			return { answer };
		});
		const { answer } = await committed;
		expect((await answer).statusCode).toBe(202);
		const asked = 'SELECT cancel_requested_at AS at FROM jobs WHERE id = $1';
		expect((await database.db.query(asked, [id])).rows).toEqual([{ at: expect.any(Date) }]);
	});
});

describe('nothing is lost', () => {
	it('when Redis is emptied or restarted', async () => {
		const jobs = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => queue({ text: `flushed ${n}` })));
		await redis.flushall();
		await work(async () => undefined);
		await Promise.all(jobs.map(({ id }) => ended(id, 'succeeded')));
		await redisServer.restart();
		const later = await queue({ text: 'after restart' });
		await ended(later.id, 'succeeded');
	});

	it('when a worker is killed in the middle of a run', async () => {
		const doomed = spawn(
			process.execPath,
			[new URL('worker-process.ts', import.meta.url).pathname, database.url, redisServer.url],
			{ stdio: 'inherit' },
		);
		const { id } = await queue({ text: 'killed', hang: true });
		await until(async () => (await runsOf('killed')).length === 1);
		doomed.kill('SIGKILL');
		await once(doomed, 'exit');
		const { rowCount } = await database.db.query(
			'UPDATE jobs SET lease_until = now() WHERE id = $1 AND lease_until > now()',
			[id],
		);
		expect(rowCount).toBe(1);
		await work(async ({ payload }) => {
			await database.db.query('INSERT INTO runs (text, pid) VALUES ($1, $2)', [
				payload.text,
				process.pid,
			]);
		});
		expect((await ended(id, 'succeeded')).attempts).toBe(2);
		expect((await runsOf('killed')).map(({ pid }) => pid)).toEqual([doomed.pid, process.pid]);
	});

	it('when leases run out at any moment of a sweep', async () => {
		await orphans(400, { attempts: 1, everyMs: 5 });
		await Promise.all([1, 2, 3].map(() => work(async () => undefined)));
		const open = "SELECT 1 FROM jobs WHERE state IN ('queued', 'running')";
		await until(async () => (await database.db.query(open)).rowCount === 0);
		const failed = "SELECT error FROM jobs WHERE error ->> 'code' = 'worker_died'";
		expect((await database.db.query(failed)).rows).toEqual([]);
	});

	it('but a job that takes every worker down with it fails in the end', async () => {
		const [id = ''] = await orphans(1, { attempts: note.maxAttempts, everyMs: 0 });
		await work(async () => undefined);
		expect((await ended(id, 'failed')).error).toMatchObject({ code: 'worker_died' });
	});
});

describe('the call-back', () => {
	it('comes once, when all jobs of the group have ended, signed with the hash of the key', async () => {
		const received: { headers: Record<string, string>; body: string }[] = [];
		const server = createServer((request, response) => {
			let body = '';
			request.on('data', (chunk: Buffer) => (body += chunk.toString()));
			request.on('end', () => {
				received.push({ headers: request.headers as Record<string, string>, body });
				response.end();
			});
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const egress = createEgress({ allow: ['127.0.0.1'] });
		stops.push(await startDeliveryWorker({ db: database.db, egress, logger }));
		await work(async ({ payload }) => {
			if (payload.text === 'bad') throw new JobFailure('bad', 'bad');
		});
		const { port } = server.address() as AddressInfo;
		const callback = { url: `http://127.0.0.1:${port}/resume?token=t`, count: 3 };
		const first = await queue({ text: 'good' }, callback);
		await ended(first.id, 'succeeded');
		const others = await Promise.all([
			queue({ text: 'bad' }, callback),
			queue({ text: 'fine' }, callback),
		]);
		await ended(others[0].id, 'failed');
		await ended(others[1].id, 'succeeded');
		const delivered = async () => {
			const { rows } = await database.db.query<{ state: string }>(
				'SELECT state FROM deliveries WHERE callback_url = $1',
				[callback.url],
			);
			return rows.map(({ state }) => state).join();
		};
		await until(async () => (await delivered()) === 'delivered');
		expect(received).toHaveLength(1);
		const { headers, body } = received[0] ?? { headers: {}, body: '{}' };
		expect(
			JSON.parse(body)
				.data.jobs.map((j: Job) => j.state)
				.sort(),
		).toEqual(['failed', 'succeeded', 'succeeded']);
		const secret = secretOf(createHash('sha256').update(key.key).digest());
		expect(verify(headers, body, secret)).toBe(true);
		await egress.close();
		server.close();
	});
});
