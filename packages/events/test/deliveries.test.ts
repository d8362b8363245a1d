import { createEgress, type Egress } from '@autopilot/egress';
import {
	type App,
	commandRunner,
	connectRedis,
	createApiKey,
	createApp,
	createLogger,
	httpMigrations,
} from '@autopilot/http';
import { connect } from '@autopilot/postgres';
import { createTestDatabase, startTestRedis, until } from '@autopilot/postgres/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
	emit,
	emitAll,
	eventMigrations,
	parseRetryAfter,
	queueCallback,
	registerDeliveryRoutes,
	registerWebhookEndpointRoutes,
	startDeliveryWorker,
	verify,
} from '../src/index.ts';
import { startReceiver } from './receiver.ts';

const migrations = [httpMigrations, eventMigrations];
const logger = createLogger('test', 'silent');
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let redisServer: Awaited<ReturnType<typeof startTestRedis>>;
let redis: ReturnType<typeof connectRedis>;
let app: App;
let key: string;
let egress: Egress;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let stopWorkers: (() => Promise<void>)[];

beforeAll(async () => {
	database = await createTestDatabase(migrations);
	redisServer = await startTestRedis();
	redis = connectRedis(redisServer.url, { name: 'test' });
	const { db } = database;
	egress = createEgress({ allow: ['127.0.0.1'] });
	app = await createApp({
		name: 'events',
		description: '',
		url: 'http://127.0.0.1',
		db,
		redis,
		logger,
		migrations,
		rateLimitPerMinute: 10_000,
	});
	const command = commandRunner(db);
	const eventTypes = ['thing.made', 'thing.sold', 'other.made'];
	registerWebhookEndpointRoutes(app, { db, command, egress, eventTypes });
	registerDeliveryRoutes(app, { db, command });
	({ key } = await createApiKey(db, { name: 'tester', scopes: ['*'] }));
});
afterAll(async () => {
	await app.close();
	await egress.close();
	redis.disconnect();
	await redisServer.stop();
	await database.drop();
});
beforeEach(async () => {
	receiver = await startReceiver();
	stopWorkers = [];
});
afterEach(async () => {
	await Promise.all(stopWorkers.map((stop) => stop()));
	await receiver.stop();
	await database.db.query('DELETE FROM webhook_endpoints');
	await database.db.query('DELETE FROM deliveries');
});

const call = async (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) => {
	const answer = await app.inject({
		method,
		url,
		headers: { authorization: `Bearer ${key}` },
		...(payload === undefined ? {} : { payload }),
	});
	return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() };
};
const subscribe = async (events: string[], url = receiver.url) =>
	(await call('POST', '/api/v1/webhook-endpoints', { url, events })).body;
const work = async (retryDelaysMs = [20, 20, 20]) => {
	stopWorkers.push(await startDeliveryWorker({ db: database.db, egress, logger, retryDelaysMs }));
};
const happen = (type: string, id: string, data: unknown = {}) =>
	database.db.transaction((tx) =>
		emit(tx, { type, aggregate: { type: 'thing', id }, data, correlationId: 'c-1' }),
	);
const deliveries = async (state: string) =>
	(await call('GET', `/api/v1/deliveries?state=${state}`)).body.data;

describe('events', () => {
	it('reach those who subscribed, signed and numbered', async () => {
		const endpoint = await subscribe(['thing.made']);
		await work();
		await happen('thing.sold', 'a');
		await happen('thing.made', 'a', { colour: 'red' });
		await until(() => receiver.received.length === 1);
		const [{ headers, body, event }] = receiver.received as [(typeof receiver.received)[0]];
		expect(event).toMatchObject({ type: 'thing.made', seq: 2, data: { colour: 'red' } });
		expect(headers['webhook-id']).toBe(event.id);
		expect(headers['x-correlation-id']).toBe('c-1');
		expect(verify(headers as Record<string, string>, body, endpoint.secret)).toBe(true);
	});

	it('tell nothing of what was rolled back', async () => {
		await subscribe(['*']);
		await work();
		const failed = database.db.transaction(async (tx) => {
			await emit(tx, {
				type: 'thing.made',
				aggregate: { type: 'thing', id: 'b' },
				data: 1,
				correlationId: 'c',
			});
			throw new Error('undone');
		});
		await expect(failed).rejects.toThrow('undone');
		await happen('thing.made', 'b', 2);
		await until(() => receiver.received.length > 0);
		expect(receiver.received.map(({ event }) => event.data)).toEqual([2]);
	});

	it('of one aggregate arrive in order, also from several workers and with failures between', async () => {
		await subscribe(['thing.*']);
		let failures = 5;
		receiver.answerWith(({ event }) => ({
			status: event.seq % 3 === 0 && failures-- > 0 ? 503 : 200,
		}));
		const sequences = new Map<string, number[]>();
		for (let i = 0; i < 10; i++)
			await Promise.all(['x', 'y'].map((id) => happen('thing.made', id)));
		await Promise.all([work(), work(), work()]);
		await until(async () => (await deliveries('pending')).length === 0);
		for (const { event } of receiver.received) {
			const seen = sequences.get(event.aggregate.id) ?? [];
			if (seen.at(-1) !== event.seq) sequences.set(event.aggregate.id, [...seen, event.seq]);
		}
		const expected = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
		expect(sequences.get('x')).toEqual(expected);
		expect(sequences.get('y')).toEqual(expected);
	});

	it('of many aggregates can be written at once, each numbered by its own', async () => {
		await subscribe(['thing.*']);
		await happen('thing.made', 'one');
		await database.db.transaction((tx) =>
			emitAll(
				tx,
				['one', 'two'].map((id) => ({
					type: 'thing.sold',
					aggregate: { type: 'thing', id },
					data: { id },
					correlationId: 'c-2',
				})),
			),
		);
		await work();
		await until(() => receiver.received.length === 3);
		const seen = receiver.received.map(({ event }) => `${event.aggregate.id} ${event.seq}`);
		expect(seen.sort()).toEqual(['one 1', 'one 2', 'two 1']);
	});

	it('survive a receiver that is down', async () => {
		await subscribe(['*']);
		await receiver.stop();
		await work(Array.from({ length: 100_000 }, () => 20));
		await happen('thing.made', 'down');
		await until(async () => (await deliveries('pending'))[0]?.attempts > 2);
		await receiver.start();
		await until(() => receiver.received.length === 1);
	});

	it('are taken over when a worker died in the middle of a delivery', async () => {
		await subscribe(['*']);
		await happen('thing.made', 'orphan');
		await database.db.query(
			`UPDATE deliveries SET attempts = 1, lease_until = now() + interval '200 ms'`,
		);
		await work();
		await until(() => receiver.received.length === 1);
	});

	it('wait as long as Retry-After says', async () => {
		await subscribe(['*']);
		receiver.answerWith(() => ({ status: 429, headers: { 'retry-after': '3600' } }));
		await work();
		await happen('thing.made', 'slow');
		const [{ nextAttemptAt }] = await until(async () => {
			const rows = await deliveries('pending');
			return rows[0]?.lastStatus === 429 && rows;
		});
		expect(Date.parse(nextAttemptAt) - Date.now()).toBeGreaterThan(3_500_000);
		const now = Date.parse('2026-01-01T00:00:00Z');
		expect(parseRetryAfter('Thu, 01 Jan 2026 00:01:00 GMT', now)).toBe(60_000);
		expect(parseRetryAfter('soon', now)).toBe(0);
	});

	it('wait with the one before them that failed, and are due when that has arrived', async () => {
		await subscribe(['*']);
		receiver.answerWith(() => ({ status: 503 }));
		await happen('thing.made', 'queue', 1);
		await happen('thing.made', 'queue', 2);
		await work([3_600_000]);
		const [second, first] = await until(async () => {
			const rows = await deliveries('pending');
			return rows[1]?.lastStatus === 503 && rows;
		});
		expect(second).toMatchObject({ attempts: 0, nextAttemptAt: first.nextAttemptAt });
		receiver.answerWith(() => ({ status: 200 }));
		await database.db.query('UPDATE deliveries SET next_attempt_at = now() WHERE attempts > 0');
		await until(async () => (await deliveries('delivered')).length === 2);
		expect(receiver.received.map(({ event }) => event.data)).toEqual([1, 1, 2]);
	});

	it('end as dead letters, which are listed and can be replayed', async () => {
		await subscribe(['*']);
		receiver.answerWith(() => ({ status: 500 }));
		await work([10, 10]);
		await happen('thing.made', 'dead');
		const [dead] = await until(async () => {
			const rows = await deliveries('dead');
			return rows.length === 1 && rows;
		});
		expect(dead).toMatchObject({ attempts: 3, lastStatus: 500 });
		receiver.answerWith(() => ({ status: 200 }));
		expect(await call('POST', `/api/v1/deliveries/${dead.id}/replay`)).toMatchObject({
			status: 202,
		});
		await until(async () => (await deliveries('delivered')).length === 1);
		expect((await call('POST', `/api/v1/deliveries/${dead.id}/replay`)).status).toBe(404);
		expect(receiver.received).toHaveLength(4);
	});

	it('keep no process alive when the worker is closed between two tries', async () => {
		const db = connect(database.url, { name: 'test' });
		const timers = () =>
			process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
		receiver.answerWith(() => ({ status: 500 }));
		await subscribe(['thing.made']);
		const before = timers();
		const stop = await startDeliveryWorker({ db, egress, logger, retryDelaysMs: [900, 900, 900] });
		await happen('thing.made', 'closing');
		await until(async () => (await deliveries('pending'))[0]?.attempts > 0);
		await stop();
		await db.close();
		expect(timers()).toBeLessThanOrEqual(before);
	});

	it('stop for an endpoint that is gone', async () => {
		const { id } = await subscribe(['*']);
		receiver.answerWith(() => ({ status: 410 }));
		await work();
		await happen('thing.made', 'gone');
		await until(async () => (await call('GET', `/api/v1/webhook-endpoints/${id}`)).body.disabledAt);
		await happen('thing.made', 'gone');
		expect(receiver.received).toHaveLength(1);
		expect(await deliveries('pending')).toEqual([]);
	});
});

describe('call-backs', () => {
	it('go to one URL once, however often they are queued', async () => {
		await work();
		const callback = {
			url: receiver.url,
			secret: 'whsec_c2VjcmV0c2VjcmV0',
			body: { type: 'done' },
			correlationId: 'c',
		};
		await database.db.transaction((tx) => queueCallback(tx, callback));
		await database.db.transaction((tx) => queueCallback(tx, callback));
		await until(async () => (await deliveries('delivered')).length === 1);
		expect(receiver.received).toHaveLength(1);
		expect(receiver.received[0]?.event.type).toBe('done');
	});
});

describe('webhook endpoints', () => {
	it('sign with both secrets while they are rotated', async () => {
		const first = await subscribe(['*']);
		const rotated = (await call('POST', `/api/v1/webhook-endpoints/${first.id}/rotate-secret`))
			.body;
		expect(rotated.secret).not.toBe(first.secret);
		await work();
		expect((await call('POST', `/api/v1/webhook-endpoints/${first.id}/test`)).status).toBe(202);
		await until(() => receiver.received.length === 1);
		const [{ headers, body, event }] = receiver.received as [(typeof receiver.received)[0]];
		expect(event.type).toBe('webhook.test');
		for (const { secret } of [first, rotated]) {
			expect(verify(headers as Record<string, string>, body, secret)).toBe(true);
		}
	});

	it('are listed without their secrets, and deleted', async () => {
		const { id } = await subscribe(['thing.*']);
		const { data } = (await call('GET', '/api/v1/webhook-endpoints')).body;
		expect(data).toHaveLength(1);
		expect(data[0].secret).toBeUndefined();
		expect((await call('DELETE', `/api/v1/webhook-endpoints/${id}`)).status).toBe(204);
		expect((await call('GET', `/api/v1/webhook-endpoints/${id}`)).status).toBe(404);
	});

	it.each(['http://169.254.169.254/latest', 'http://10.0.0.5/hook', 'http://[::1]/hook'])(
		'refuse the private target %s',
		async (url) => {
			const answer = await call('POST', '/api/v1/webhook-endpoints', { url, events: ['*'] });
			expect(answer).toMatchObject({ status: 422, body: { code: 'target_denied' } });
		},
	);

	it('refuse an event that the service has not, naming those it has', async () => {
		const answer = await call('POST', '/api/v1/webhook-endpoints', {
			url: receiver.url,
			events: ['thing.lost'],
		});
		expect(answer.status).toBe(400);
		expect(answer.body.errors[0]).toMatchObject({ pointer: '/events/0' });
		expect(answer.body.errors[0].detail).toContain('thing.sold');
	});
});
