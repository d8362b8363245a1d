import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
	createTestDatabase,
	startTestRedis,
	type TestDatabase,
	type TestRedis,
	until,
} from '@autopilot/postgres/testing';
import { z } from 'zod';
import {
	type App,
	commandRunner,
	connectRedis,
	createApiKey,
	createApp,
	createLogger,
	httpMigrations,
	type Redis,
	revokeApiKey,
	unprocessable,
} from '../src/index.ts';

let database: TestDatabase;
let redisServer: TestRedis;
let redis: Redis;
let app: App;
let key: string;
let runs = 0;
let holdFirst: Promise<void> | undefined;

const noteBody = z.object({
	text: z.string().min(1),
	tags: z.array(z.string()).default([]),
	callback: z.object({ url: z.string() }).optional(),
});
const note = z.object({ id: z.string(), text: z.string() });

beforeAll(async () => {
	database = await createTestDatabase([httpMigrations]);
	redisServer = await startTestRedis();
	redis = connectRedis(redisServer.url, { name: 'test', failFast: true });
	const { db } = database;
	await db.query('CREATE TABLE notes (id uuid PRIMARY KEY DEFAULT uuidv7(), text text)');
	app = await createApp({
		name: 'notes',
		description: 'A service for the tests',
		url: 'http://127.0.0.1',
		db,
		redis,
		logger: createLogger('test', 'silent'),
		migrations: [httpMigrations],
		rateLimitPerMinute: 40,
		bodyLimit: 2000,
	});
	const command = commandRunner(db);
	app.post(
		'/notes',
		{
			config: { scope: 'notes:write' },
			schema: { body: noteBody, response: { 201: note } },
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				runs += 1;
				const { rows } = await tx.query<{ id: string; text: string }>(
					'INSERT INTO notes (text) VALUES ($1) RETURNING id, text',
					[request.body.text],
				);
				await holdFirst;
				if (request.body.text === 'refuse') throw unprocessable('refused', 'Not this text.');
				if (request.body.text === 'crash') throw new Error('secret detail');
				if (request.body.text === 'bad answer')
					return { status: 201, body: JSON.parse('{"id":7}') };
				return { status: 201, body: rows[0] };
			}),
	);
	({ key } = await createApiKey(db, { name: 'tester', scopes: ['notes:*'] }));
	await app.ready();
});
afterAll(async () => {
	await app.close();
	redis.disconnect();
	await redisServer.stop();
	await database.drop();
});

afterEach(() => {
	jest.restoreAllMocks();
});

// Each test asks with its own key: the rate limit counts by key.
const post = (body: unknown, headers: Record<string, string> = {}) =>
	app.inject({
		method: 'POST',
		url: '/notes',
		headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
		payload: typeof body === 'string' ? body : JSON.stringify(body),
	});
const countNotes = async (text: string) => {
	const { rows } = await database.db.query('SELECT 1 FROM notes WHERE text = $1', [text]);
	return rows.length;
};

describe('problems', () => {
	it('points to each fault of an invalid body', async () => {
		const answer = await post({ text: '', tags: ['a', 5] });
		expect(answer.statusCode).toBe(400);
		expect(answer.headers['content-type']).toBe('application/problem+json');
		const problem = answer.json();
		expect(problem.code).toBe('invalid_request');
		expect(problem.errors.map((e: { pointer: string }) => e.pointer)).toEqual(['/text', '/tags/1']);
	});

	it('points to names that nobody knows, and says which are known', async () => {
		const answer = await post({ txet: 'x' });
		expect(answer.statusCode).toBe(400);
		const [missing, unknown] = answer.json().errors;
		expect(missing.pointer).toBe('/text');
		expect(unknown).toEqual({
			pointer: '/txet',
			detail: 'is unknown here; known: text, tags, callback',
		});
	});

	it.each([
		['malformed JSON', '{"text":', {}, 400, 'malformed_json'],
		['a body that is too large', { text: 'x'.repeat(3000) }, {}, 413, 'body_too_large'],
		['another content type', 'text', { 'content-type': 'text/csv' }, 415, 'unsupported_media_type'],
	])('answers %s', async (_name, body, headers, status, code) => {
		const answer = await post(body, headers);
		expect(answer.statusCode).toBe(status);
		expect(answer.json().code).toBe(code);
	});

	it('answers an unknown route', async () => {
		const answer = await app.inject({ url: '/nowhere?token=hidden' });
		expect(answer.statusCode).toBe(404);
		expect(answer.json()).toMatchObject({ code: 'route_not_found', instance: '/nowhere' });
	});

	it('tells nothing of the inside in a 500, but the correlation id to find it by', async () => {
		const answer = await post({ text: 'crash' }, { 'x-correlation-id': 'launch-7' });
		expect(answer.statusCode).toBe(500);
		expect(answer.body).not.toContain('secret detail');
		expect(answer.json().correlationId).toBe('launch-7');
	});
});

describe('API keys', () => {
	it.each([
		['no key', undefined, 'key_missing'],
		['an unknown key', 'Bearer ap_nope', 'key_invalid'],
	])('refuses %s', async (_name, authorization, code) => {
		const headers = authorization === undefined ? {} : { authorization };
		const answer = await app.inject({ method: 'POST', url: '/notes', headers, payload: {} });
		expect(answer.statusCode).toBe(401);
		expect(answer.json().code).toBe(code);
	});

	it('refuses a key without the scope, an expired and a revoked one', async () => {
		const { db } = database;
		const reader = await createApiKey(db, { name: 'reader', scopes: ['notes:read'] });
		const expiresAt = new Date(Date.now() - 1000);
		const expired = await createApiKey(db, { name: 'old', scopes: ['*'], expiresAt });
		const revoked = await createApiKey(db, { name: 'gone', scopes: ['*'] });
		expect(await revokeApiKey(db, revoked.prefix)).toBe(true);
		const statuses = await Promise.all(
			[reader, expired, revoked].map(async (k) => {
				const answer = await post({ text: 'x' }, { authorization: `Bearer ${k.key}` });
				return answer.statusCode;
			}),
		);
		expect(statuses).toEqual([403, 401, 401]);
	});

	it('refuses a key that was in use until it was revoked', async () => {
		const leaving = await createApiKey(database.db, { name: 'leaving', scopes: ['*'] });
		const ask = () =>
			app.inject({ url: '/api/v1/whoami', headers: { authorization: `Bearer ${leaving.key}` } });
		// The time after which a key that is believed would be looked up again never comes: it was told of.
		jest.spyOn(Date, 'now').mockReturnValue(Date.now());
		expect((await ask()).statusCode).toBe(200);
		await revokeApiKey(database.db, leaving.prefix);
		await until(async () => (await ask()).statusCode === 401);
	});

	it('keeps only a hash, and notes when a key was used', async () => {
		const { rows } = await database.db.query<{ hash: Buffer; last_used_at: Date | null }>(
			`SELECT hash, last_used_at FROM api_keys WHERE name = 'tester'`,
		);
		expect(rows[0]?.hash.includes(key)).toBe(false);
		expect(rows[0]?.last_used_at).toBeInstanceOf(Date);
	});
});

describe('Idempotency-Key', () => {
	it('gives the first answer again without running the command', async () => {
		const first = await post({ text: 'once' }, { 'idempotency-key': 'k-1' });
		const again = await post({ text: 'once' }, { 'idempotency-key': 'k-1' });
		expect(first.statusCode).toBe(201);
		expect(again.body).toBe(first.body);
		expect(again.statusCode).toBe(201);
		expect(again.headers['idempotency-replayed']).toBe('true');
		expect(await countNotes('once')).toBe(1);
	});

	it('takes a request for the same when only its call-back differs', async () => {
		const [first, again] = ['http://n8n/1', 'http://n8n/2'].map((url) =>
			post({ text: 'called back', callback: { url } }, { 'idempotency-key': 'k-7' }),
		);
		expect((await again)?.body).toBe((await first)?.body);
		expect(await countNotes('called back')).toBe(1);
	});

	it('refuses the same key for another body', async () => {
		await post({ text: 'mine' }, { 'idempotency-key': 'k-2' });
		const other = await post({ text: 'yours' }, { 'idempotency-key': 'k-2' });
		expect(other.statusCode).toBe(422);
		expect(other.json().code).toBe('idempotency_key_reused');
		expect(await countNotes('yours')).toBe(0);
	});

	it('runs one of two that come at once and gives both its answer', async () => {
		const release = Promise.withResolvers<void>();
		holdFirst = release.promise;
		const before = runs;
		const both = [1, 2].map(() => post({ text: 'twins' }, { 'idempotency-key': 'k-3' }));
		release.resolve();
		const [a, b] = await Promise.all(both);
		holdFirst = undefined;
		expect(a?.body).toBe(b?.body);
		expect(runs - before).toBe(1);
		expect(await countNotes('twins')).toBe(1);
	});

	it('keeps a refusal too, and nothing of what was written before it', async () => {
		const first = await post({ text: 'refuse' }, { 'idempotency-key': 'k-4' });
		const before = runs;
		const again = await post({ text: 'refuse' }, { 'idempotency-key': 'k-4' });
		expect([first.statusCode, again.statusCode]).toEqual([422, 422]);
		expect(again.json().code).toBe('refused');
		expect(runs).toBe(before);
		expect(await countNotes('refuse')).toBe(0);
	});

	it('runs again after an error of our own, which left nothing behind', async () => {
		await post({ text: 'crash' }, { 'idempotency-key': 'k-5' });
		const before = runs;
		const again = await post({ text: 'crash' }, { 'idempotency-key': 'k-5' });
		expect(again.statusCode).toBe(500);
		expect(runs).toBe(before + 1);
		expect(await countNotes('crash')).toBe(0);
	});

	it('changes nothing when the answer would break its contract', async () => {
		const answer = await post({ text: 'bad answer' });
		expect(answer.statusCode).toBe(500);
		expect(await countNotes('bad answer')).toBe(0);
	});

	it('takes a key again after 24 hours', async () => {
		await post({ text: 'daily' }, { 'idempotency-key': 'k-6' });
		await database.db.query(
			`UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE key = 'k-6'`,
		);
		await post({ text: 'daily' }, { 'idempotency-key': 'k-6' });
		expect(await countNotes('daily')).toBe(2);
	});
});

describe('correlation id', () => {
	it.each([
		[{ 'x-correlation-id': 'order-42' }, 'order-42'],
		[
			{ traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
			'0af7651916cd43dd8448eb211c80319c',
		],
	])('is taken from %p', async (headers, expected) => {
		const answer = await app.inject({ url: '/healthz', headers });
		expect(answer.headers['x-correlation-id']).toBe(expected);
	});

	it('is made anew for a forged one', async () => {
		const headers = { 'x-correlation-id': 'a"b{}' };
		const answer = await app.inject({ url: '/healthz', headers });
		expect(answer.headers['x-correlation-id']).toMatch(/^[0-9a-f-]{36}$/);
	});
});

describe('rate limit', () => {
	it('counts by key, says what is left, and refuses what is over', async () => {
		const busy = await createApiKey(database.db, { name: 'busy', scopes: ['*'] });
		const headers = { authorization: `Bearer ${busy.key}` };
		const answers = [];
		for (let i = 0; i < 41; i++) answers.push(await app.inject({ url: '/api/v1/whoami', headers }));
		expect(answers[0]?.headers['ratelimit-remaining']).toBe('39');
		expect(answers[39]?.statusCode).toBe(200);
		expect(answers[40]?.statusCode).toBe(429);
		expect(answers[40]?.json().code).toBe('rate_limited');
		expect(Number(answers[40]?.headers['retry-after'])).toBeGreaterThan(0);
	});
});

describe('rate limit over several processes', () => {
	// So many that asking until they have heard of each other does not use them up.
	const LIMIT = 100_000;

	it('adds up what each of them has counted, and none waits for Redis', async () => {
		const other = await createApp({
			...{ name: 'notes', description: 'the same service', url: 'http://127.0.0.1' },
			...{ db: database.db, redis, logger: createLogger('test', 'silent') },
			...{ migrations: [httpMigrations], rateLimitPerMinute: LIMIT },
		});
		const shared = await createApiKey(database.db, { name: 'shared', scopes: ['*'] });
		const headers = { authorization: `Bearer ${shared.key}` };
		const ask = (one: App) => one.inject({ url: '/api/v1/whoami', headers });
		for (let i = 0; i < 30; i++) await ask(app);
		let asked = 0;
		const seen: number[] = [];
		// What one process has counted may come to the other in several parts.
		await until(async () => {
			asked += 1;
			seen.push(Number((await ask(other)).headers['ratelimit-remaining']));
			return seen.at(-1) === LIMIT - 30 - asked;
		});
		await other.close();
		expect(Math.min(...seen)).toBe(LIMIT - 30 - asked);
	});
});

describe('probes', () => {
	it('reports the database, Redis and missing migrations', async () => {
		// A check has two seconds, which a machine under load may not have.
		const checked = () =>
			until(async () => {
				const answer = await app.inject({ url: '/readyz' });
				return !answer.body.includes('no answer in') && answer;
			});
		expect((await checked()).statusCode).toBe(200);
		await database.db.query(`DELETE FROM migrations`);
		const behind = await checked();
		expect(behind.statusCode).toBe(503);
		expect(behind.json().checks.migrations).toContain('http/0001_http.sql');
	});

	it('measures requests', async () => {
		const { body } = await app.inject({ url: '/metrics' });
		expect(body).toMatch(
			/http_request_duration_seconds_count\{.*route="\/notes",status="201"\} \d/,
		);
	});
});

describe('OpenAPI', () => {
	it('describes bodies, answers, problems and the key', async () => {
		const document = (await app.inject({ url: '/openapi.json' })).json();
		expect(document.openapi).toBe('3.1.0');
		const { post: operation } = document.paths['/notes'];
		expect(operation.requestBody.content['application/json'].schema.required).toEqual(['text']);
		expect(Object.keys(operation.responses)).toEqual(['201', 'default']);
		expect(operation.security).toEqual([{ apiKey: [] }]);
	});

	it('has a page for people', async () => {
		const page = await app.inject({ url: '/docs/' });
		expect(page.statusCode).toBe(200);
		expect(page.body).toContain('swagger-ui');
	});
});
