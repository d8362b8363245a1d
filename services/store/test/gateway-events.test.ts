import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { until } from '@autopilot/postgres/testing';
import { startInboxWorker } from '../src/gateway-events/worker.ts';
import { type MoneyWorld, startMoneyWorld, WEBHOOK_SECRET } from './money-world.ts';

let world: MoneyWorld;
beforeAll(async () => {
	world = await startMoneyWorld();
	await world.product([{ sku: 'LAMP', amount: 4900, stock: 1000 }]);
	await world.product([{ sku: 'CODE', amount: 900, delivery: 'digital' }]);
});
afterAll(() => world.close());

const now = () => Math.floor(Date.now() / 1000);
let number = 0;
const eventText = (more: object = {}) =>
	JSON.stringify({
		id: `evt_${++number}`,
		object: 'event',
		type: 'customer.created',
		created: now(),
		data: { object: { id: 'cus_1' } },
		...more,
	});
const signed = (payload: string, options: { secret?: string; timestamp?: number } = {}) =>
	world.stripe.webhooks.generateTestHeaderString({ payload, secret: WEBHOOK_SECRET, ...options });
const post = async (payload: string, signature?: string) => {
	const answer = await world.app.inject({
		method: 'POST',
		url: '/webhooks/stripe',
		payload,
		headers: {
			'content-type': 'application/json',
			...(signature === undefined ? {} : { 'stripe-signature': signature }),
		},
	});
	return answer.statusCode;
};
const inbox = async () => {
	const { rows } = await world.db.query<{ id: string; state: string; attempts: number }>(
		'SELECT external_id AS id, state, attempts FROM gateway_events ORDER BY position',
	);
	return rows;
};

describe('the signature of a webhook', () => {
	it('is checked over the bytes as they came', async () => {
		const payload = eventText();
		expect(await post(payload, signed(payload))).toBe(200);
		const spaced = `${eventText().slice(0, -1)} }`;
		expect(await post(spaced, signed(spaced))).toBe(200);
		expect((await inbox()).length).toBe(2);
	});

	it.each([
		['that is missing', (_payload: string) => undefined],
		['of another secret', (payload: string) => signed(payload, { secret: 'whsec_other' })],
		['of five minutes ago', (payload: string) => signed(payload, { timestamp: now() - 301 })],
		['of the future', (payload: string) => signed(payload, { timestamp: now() + 301 })],
		['of tomorrow', (payload: string) => signed(payload, { timestamp: now() + 86_400 })],
		['of another scheme', (payload: string) => signed(payload).replace('v1=', 'v0=')],
		['with another time', (payload: string) => signed(payload).replace(/t=\d+/, `t=${now() - 1}`)],
		['that is empty', (_payload: string) => ''],
	])('%s is refused', async (_name, signature) => {
		const before = await inbox();
		// Signed and looked at in the same instant: a second later, what is of the future may pass.
		const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now());
		const payload = eventText();
		const status = await post(payload, signature(payload)).finally(() => clock.mockRestore());
		expect(status).toBe(400);
		expect(await inbox()).toEqual(before);
	});

	it('is refused for every byte that was altered', async () => {
		const payload = eventText();
		const signature = signed(payload);
		for (let index = 0; index < payload.length; index += 7) {
			const altered = `${payload.slice(0, index)}~${payload.slice(index + 1)}`;
			expect(await post(altered, signature)).toBe(400);
		}
	});

	it('may be one of several, as long as a secret is being changed', async () => {
		const payload = eventText();
		const [time, own] = signed(payload).split(',');
		const foreign = createHmac('sha256', 'old').update('x').digest('hex');
		expect(await post(payload, `${time},v1=${foreign},${own}`)).toBe(200);
		expect(await post(eventText(), `${time},v1=${foreign},${own}`)).toBe(400);
	});
});

describe('the inbox', () => {
	it('takes an event once, accepts what it does not know, and refuses what is no event', async () => {
		const payload = eventText({ type: 'something.new' });
		expect([await post(payload, signed(payload)), await post(payload, signed(payload))]).toEqual([
			200, 200,
		]);
		const id = `evt_${number}`;
		expect((await inbox()).filter((event) => event.id === id).length).toBe(1);
		const stop = await world.startWorker();
		await world.settled();
		expect((await inbox()).find((event) => event.id === id)?.state).toBe('ignored');
		await stop();
		for (const broken of ['{"id": 1}', 'no json'])
			expect(await post(broken, signed(broken))).toBe(400);
	});

	it('lists what is dead, and tries it again when told to', async () => {
		const order = await world.order([{ sku: 'LAMP' }]);
		const broken = eventText({
			type: 'payment_intent.succeeded',
			data: { object: { id: 'pi_broken', metadata: { order_id: order.id } } },
		});
		await post(broken, signed(broken));
		const stop = await world.startWorker({ retryDelaysMs: [1, 1] });
		const dead = await until(async () => {
			const { data } = await world.get('/api/v1/gateway-events?state=dead');
			return data[0];
		});
		expect(dead).toMatchObject({
			type: 'payment_intent.succeeded',
			attempts: 3,
			objectId: 'pi_broken',
		});
		expect(dead.lastError).toContain('amount');
		const retried = await world.call('POST', `/api/v1/gateway-events/${dead.id}/retry`);
		expect([retried.status, retried.body.state]).toEqual([200, 'pending']);
		await until(async () => (await world.get('/api/v1/gateway-events?state=dead')).data[0]);
		await stop();
		const again = await world.call('POST', `/api/v1/gateway-events/${dead.id}/retry`);
		expect(again.status).toBe(200);
		const twice = await world.call('POST', `/api/v1/gateway-events/${dead.id}/retry`);
		expect([twice.status, twice.body.code]).toEqual([409, 'event_not_dead']);
		await world.db.query(`DELETE FROM gateway_events WHERE object_id = 'pi_broken'`);
	});

	it('drops what is about a payment of somebody else', async () => {
		const foreign = eventText({
			type: 'payment_intent.succeeded',
			data: {
				object: {
					...{ id: 'pi_foreign', amount: 100, amount_received: 100, currency: 'eur' },
					...{ status: 'succeeded', created: now(), metadata: { order_id: 'shop-7' } },
				},
			},
		});
		await post(foreign, signed(foreign));
		const stop = await world.startWorker();
		await world.settled();
		await stop();
		expect((await inbox()).at(-1)?.state).toBe('ignored');
	});

	it('takes what has the name of another payment for news of that one', async () => {
		const orders = [await world.order([{ sku: 'LAMP' }]), await world.order([{ sku: 'LAMP' }])];
		const names: string[] = [];
		for (const { id } of orders) {
			const { payment } = await world.checkout(id);
			const intent = {
				...{
					id: 'pi_shared',
					amount: 4900,
					amount_received: 4900,
					currency: 'eur',
					created: now(),
				},
				...{ status: 'succeeded', metadata: { order_id: id, payment_id: payment.id } },
			};
			const told = eventText({ type: 'payment_intent.succeeded', data: { object: intent } });
			await post(told, signed(told));
			names.push(`evt_${number}`);
		}
		const stop = await world.startWorker({ retryDelaysMs: [1] });
		await world.settled();
		await stop();
		const after = await Promise.all(orders.map(({ id }) => world.get(`/api/v1/orders/${id}`)));
		expect(after.map(({ status }) => status)).toEqual(['paid', 'pending_payment']);
		const told = (await inbox()).filter(({ id }) => names.includes(id));
		expect(told.map(({ state }) => state)).toEqual(['handled', 'handled']);
	});

	it('leaves the later events of an object too, when somebody else has begun with it', async () => {
		const object = { id: 'cus_7', metadata: { order_id: '0190a0b0-0000-7000-8000-000000000007' } };
		const [other, first, second] = [eventText(), eventText(), eventText()].map((text, index) =>
			index === 0 ? text : JSON.stringify({ ...JSON.parse(text), data: { object } }),
		);
		for (const text of [other, first, second]) await post(String(text), signed(String(text)));
		const names = [other, first, second].map((text) => JSON.parse(String(text)).id as string);
		const mayGoOn = Promise.withResolvers<void>();
		const seen: string[] = [];
		const elsewhere = () =>
			new Promise<void>((resolve, reject) => {
				world.db
					.transaction(async (tx) => {
						await tx.query('SELECT FROM gateway_events WHERE external_id = $1 FOR UPDATE', [
							names[1],
						]);
						resolve();
						await mayGoOn.promise;
					})
					.catch(reject);
			});
		const stop = await startInboxWorker({
			...world.parts,
			async onEffects({ externalId }) {
				seen.push(externalId);
				// The three have gone back once; then the first is alone, while another worker begins with the second.
				if (seen.length === 1) throw new Error('One of them fails.');
				if (seen.length === 2) await elsewhere();
			},
		});
		await until(async () => (await inbox()).find(({ id }) => id === names[0])?.state === 'ignored');
		mayGoOn.resolve();
		await world.settled();
		await stop();
		expect(seen).toEqual([names[0], names[0], names[1], names[2]]);
	});
});

describe('events each twice, in reverse order, ten at a time, by workers that are killed', () => {
	it('pay every order once, with one licence for each line, told once', async () => {
		const orders = await Promise.all(
			Array.from({ length: 16 }, () => world.order([{ sku: 'LAMP' }, { sku: 'CODE' }])),
		);
		await world.control('PUT', '/webhooks', { hold: true });
		for (const { id } of orders) {
			const { payment } = await world.checkout(id);
			await world.pay(payment.sessionRef);
		}
		await world.control('POST', '/webhooks/release', { order: 'reverse', copies: 1 });
		await world.control('PUT', '/webhooks', {});
		await until(
			async () => ((await world.control('GET', '/webhooks')) as { waiting: number }).waiting === 0,
		);

		const waiting = async () => (await inbox()).filter(({ state }) => state === 'pending').length;
		expect(await waiting()).toBeGreaterThan(orders.length);
		const kills = await killWorkersUntil(async () => (await waiting()) === 0);
		expect(kills).toBeGreaterThanOrEqual(4);

		const ids = orders.map(({ id }) => id);
		const count = async (sql: string) => {
			const { rows } = await world.db.query<{ n: number }>(sql, [ids]);
			return rows.map(({ n }) => n);
		};
		const once = orders.map(() => 1);
		expect(
			await count(`SELECT count(*) AS n FROM outbox WHERE type = 'order.paid'
				AND aggregate_id = ANY($1::text[]) GROUP BY aggregate_id`),
		).toEqual(once);
		expect(
			await count(`SELECT count(*) AS n FROM payments WHERE order_id = ANY($1)
				AND status = 'succeeded' GROUP BY order_id`),
		).toEqual(once);
		expect(
			await count(`SELECT count(*) AS n FROM outbox WHERE type LIKE 'payment.%' AND aggregate_id IN
				(SELECT id::text FROM payments WHERE order_id = ANY($1)) GROUP BY aggregate_id`),
		).toEqual(once);
		expect(
			await count(`SELECT count(*) AS n FROM ledger_transactions WHERE kind = 'payment'
				AND order_id = ANY($1) GROUP BY order_id`),
		).toEqual(once);
		expect(
			await count('SELECT count(*) AS n FROM licenses WHERE order_id = ANY($1) GROUP BY order_id'),
		).toEqual(once);
		expect(
			await count(`SELECT count(*) AS n FROM orders WHERE id = ANY($1) AND status = 'paid'
				AND captured = total`),
		).toEqual([orders.length]);
		const { rows } = await world.db.query('SELECT * FROM stock_differences');
		expect(rows).toEqual([]);
		await world.balances();
	}, 600_000);
});

const PROCESS = new URL('inbox-process.ts', import.meta.url).pathname;

/**
 * Workers that die at their 1st, 9th, 17th ... event, one after the other, and that have the events of one object in a
 * transaction or those of three. @returns how many were killed
 */
async function killWorkersUntil(done: () => Promise<boolean>): Promise<number> {
	let kills = 0;
	while (!(await done())) {
		const { STRIPE_API_URL = '' } = world.config;
		const child = spawn(
			process.execPath,
			[PROCESS, ...[1 + 8 * kills, kills % 2 === 0 ? 1 : 3].map(String)],
			{
				stdio: 'ignore',
				env: {
					PORT: '0',
					PUBLIC_URL: world.config.PUBLIC_URL,
					DATABASE_URL: world.config.DATABASE_URL,
					REDIS_URL: world.config.REDIS_URL,
					SIGNING_SECRET: world.config.SIGNING_SECRET,
					STRIPE_SECRET_KEY: 'sk_test_sandbox',
					STRIPE_API_URL,
				},
			},
		);
		const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()));
		const hasEnded = () => child.signalCode !== null || child.exitCode !== null;
		await until(async () => hasEnded() || (await done()), { timeoutMs: 300_000 });
		if (child.signalCode === 'SIGKILL') kills++;
		else child.kill('SIGKILL');
		await exit;
	}
	return kills;
}
