import { type IncomingMessage, request as httpRequest } from 'node:http';
import { buffer, text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { setInterval as every } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
	createTestDatabase,
	startTestRedis,
	type TestDatabase,
	type TestRedis,
} from '@autopilot/postgres/testing';
import {
	type App,
	ConfigError,
	connectRedis,
	createApp,
	createLogger,
	edgeOf,
	httpMigrations,
	parseConfig,
	type Redis,
	serviceEnvironment,
} from '../src/index.ts';
import { z } from 'zod';

let database: TestDatabase;
let redisServer: TestRedis;
let redis: Redis;
const apps: App[] = [];
beforeAll(async () => {
	database = await createTestDatabase([httpMigrations]);
	redisServer = await startTestRedis();
	redis = connectRedis(redisServer.url, { name: 'test', failFast: true });
});
afterEach(async () => {
	for (const app of apps.splice(0)) await app.close();
});
afterAll(async () => {
	redis.disconnect();
	await redisServer.stop();
	await database.drop();
});

const environment = z.object(serviceEnvironment);
const configOf = (more: Record<string, string>) =>
	parseConfig(environment, {
		...{ PORT: '0', PUBLIC_URL: 'http://edge.test', SIGNING_SECRET: 'x'.repeat(32) },
		...{ DATABASE_URL: 'postgres://db.test/x', REDIS_URL: 'redis://redis.test' },
		...more,
	});

let names = 0;
const start = async (more: Record<string, string>) => {
	const app = await createApp({
		// Limits are counted by the name of the service.
		name: `edge-${++names}`,
		description: 'A service for the tests',
		url: 'http://edge.test',
		...{ db: database.db, redis, logger: createLogger('test', 'silent') },
		migrations: [httpMigrations],
		rateLimitPerMinute: 1000,
		...edgeOf(configOf(more)),
	});
	apps.push(app);
	app.addContentTypeParser('application/octet-stream', (_request, payload, done) =>
		done(null, payload),
	);
	app.post('/files', { config: { public: true, upload: true } }, async ({ body }) => ({
		size: body instanceof Readable ? (await buffer(body)).length : -1,
	}));
	app.post('/notes', { config: { public: true } }, async ({ body }) => body);
	app.get(
		'/who',
		{ config: { public: true, rateLimit: { max: 2, timeWindow: 60_000 } } },
		({ ip }) => Promise.resolve({ ip }),
	);
	return { app, url: await app.listen({ host: '127.0.0.1', port: 0 }) };
};

/** Sends a body piece by piece, so long after each other, for so long; then nothing, or the end. */
async function trickle(
	url: string,
	type: string,
	{
		forMs,
		everyMs,
		end,
		piece = 'x',
	}: { forMs: number; everyMs: number; end: boolean; piece?: string },
): Promise<{ status: number | undefined; body: string; closed: boolean }> {
	const request = httpRequest(url, { method: 'POST', headers: { 'content-type': type } });
	const answered = new Promise<IncomingMessage>((resolve, reject) => {
		request.once('response', resolve).once('error', reject);
	});
	let over = false;
	void answered.then(
		() => (over = true),
		() => (over = true),
	);
	const from = performance.now();
	request.write(piece);
	for await (const _tick of every(everyMs)) {
		if (over || performance.now() - from >= forMs) break;
		request.write(piece);
	}
	if (end && !over) request.end();
	const answer = await answered;
	const body = await text(answer);
	request.on('error', () => undefined).destroy();
	return { status: answer.statusCode, body, closed: answer.headers.connection === 'close' };
}

describe('the body of a request', () => {
	const file = 'application/octet-stream';

	it('may take longer than the limit when it is an upload that makes progress', async () => {
		const { url } = await start({ REQUEST_TIMEOUT_MS: '300', UPLOAD_STALL_MS: '60000' });
		const answer = await trickle(`${url}/files`, file, { forMs: 900, everyMs: 30, end: true });
		expect(answer.status).toBe(200);
		expect(JSON.parse(answer.body).size).toBeGreaterThan(1);
	});

	it('is cut off when an upload stands still', async () => {
		const { url } = await start({ REQUEST_TIMEOUT_MS: '60000', UPLOAD_STALL_MS: '200' });
		const answer = await trickle(`${url}/files`, file, { forMs: 0, everyMs: 1, end: false });
		expect(answer).toMatchObject({ status: 408, closed: true });
		expect(JSON.parse(answer.body)).toMatchObject({ code: 'body_timeout', status: 408 });
	});

	it('of any other route must be here in time, however steadily it comes', async () => {
		const { url } = await start({ REQUEST_TIMEOUT_MS: '300', UPLOAD_STALL_MS: '60000' });
		const steady = { forMs: 60_000, everyMs: 20, end: false, piece: ' ' };
		const answer = await trickle(`${url}/notes`, 'application/json', steady);
		expect(answer).toMatchObject({ status: 408, closed: true });
		expect(JSON.parse(answer.body).code).toBe('body_timeout');
	});

	it('must be here in time also where there is no route', async () => {
		const { url } = await start({ REQUEST_TIMEOUT_MS: '200' });
		const answer = await trickle(`${url}/nowhere`, file, { forMs: 0, everyMs: 1, end: false });
		expect([404, 408]).toContain(answer.status);
	});
});

describe('the address of who asks', () => {
	const spoofed = { 'x-forwarded-for': '203.0.113.7' };
	const ask = async (url: string, headers: Record<string, string> = {}) => {
		const answer = await fetch(`${url}/who`, { headers });
		return { status: answer.status, ip: ((await answer.json()) as { ip?: string }).ip };
	};

	it("is the socket's, whatever they say, when no proxy is trusted", async () => {
		const { url } = await start({});
		expect(await ask(url, spoofed)).toEqual({ status: 200, ip: '127.0.0.1' });
		await ask(url, { 'x-forwarded-for': '203.0.113.8' });
		// A new address for each request does not get around the limit of one.
		expect((await ask(url, { 'x-forwarded-for': '203.0.113.9' })).status).toBe(429);
	});

	it.each(['127.0.0.0/8', '1', 'loopback'])(
		'is what a trusted proxy says (%s), and is limited by itself',
		async (TRUST_PROXY) => {
			const { url } = await start({ TRUST_PROXY });
			expect(await ask(url, spoofed)).toEqual({ status: 200, ip: '203.0.113.7' });
			await ask(url, spoofed);
			expect((await ask(url, spoofed)).status).toBe(429);
			expect((await ask(url, { 'x-forwarded-for': '203.0.113.8' })).status).toBe(200);
		},
	);

	it('is what the trusted proxy has seen, not what the client says before it', async () => {
		const { url } = await start({ TRUST_PROXY: '127.0.0.1' });
		const headers = { 'x-forwarded-for': '10.0.0.1, 198.51.100.4' };
		expect((await ask(url, headers)).ip).toBe('198.51.100.4');
	});

	it("is the socket's when the proxy is another one", async () => {
		const { url } = await start({ TRUST_PROXY: '10.0.0.0/8, fd00::/8' });
		expect((await ask(url, spoofed)).ip).toBe('127.0.0.1');
	});

	it.each(['true', '*', '10.0.0.0/33', '0', 'proxy.internal', '1,2'])(
		'is not taken from %s',
		(TRUST_PROXY) => {
			expect(() => configOf({ TRUST_PROXY })).toThrow(ConfigError);
		},
	);
});
