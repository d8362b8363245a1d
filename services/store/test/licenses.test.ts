import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { expireLicenses, tellExpiring } from '../src/licenses/tasks.ts';
import { periodOf } from '../src/usage/period.ts';
import { startStoreApp } from './store-app.ts';

const DAY = 86_400_000;
let store: Awaited<ReturnType<typeof startStoreApp>>;
let productId: string;

beforeAll(async () => {
	store = await startStoreApp();
	productId = await createProduct();
});
afterAll(() => store.close());

let products = 0;
async function createProduct(): Promise<string> {
	const sku = `editor-${++products}`;
	const { body } = await store.call('POST', '/api/v1/products', {
		title: 'Editor',
		slug: sku,
		variants: [{ sku, price: { amount: 4900, currency: 'EUR' } }],
	});
	return z.object({ id: z.string() }).parse(body).id;
}

const issued = z.looseObject({ id: z.string(), key: z.string(), keyPreview: z.string() });
async function issue(more: object = {}) {
	const { status, body } = await store.call('POST', '/api/v1/licenses', {
		productId,
		email: 'ada@example.com',
		...more,
	});
	expect(status).toBe(201);
	return issued.parse(body);
}

async function act(id: string, action: string, payload: object = {}) {
	const { status, body } = await store.call('POST', `/api/v1/licenses/${id}/${action}`, payload);
	return { status, body: z.looseObject({ status: z.unknown() }).parse(body) };
}

async function codeOf(key: string, more: object = {}): Promise<unknown> {
	const { body } = await store.call('POST', '/api/v1/licenses/validate', { key, ...more });
	return z.looseObject({ code: z.string() }).parse(body).code;
}

async function eventsOf(licenseId: string): Promise<{ type: string; data: unknown }[]> {
	const { rows } = await store.db.query<{ type: string; data: unknown }>(
		'SELECT type, data FROM outbox WHERE aggregate_id = $1 ORDER BY seq',
		[licenseId],
	);
	return rows;
}

describe('a licence key', () => {
	it('is shown when issued and revealed later, and stands nowhere else', async () => {
		const { id, key, keyPreview } = await issue();
		expect(key).toMatch(/^AP(-[0-9A-HJKMNP-TV-Z]{5}){6}$/);
		expect((await act(id, 'reveal')).body).toMatchObject({ key });
		const { rows } = await store.db.query(
			'SELECT l.*, o.data FROM licenses l JOIN outbox o ON o.aggregate_id = l.id::text WHERE l.id = $1',
			[id],
		);
		expect(JSON.stringify(rows)).not.toContain(key);
		expect(JSON.stringify(rows)).toContain(keyPreview);
		const { body: listed } = await store.call('GET', '/api/v1/licenses?email=ada@example.com');
		expect(JSON.stringify(listed)).not.toContain(key);
	});

	it('works however it is typed', async () => {
		const { key } = await issue();
		const typed = key.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
		expect(await codeOf(` ${typed} `)).toBe('valid');
		expect(await codeOf(`${key.slice(0, -1)}${key.endsWith('0') ? '2' : '0'}`)).toBe('unknown_key');
	});

	it('may be one of your own, once', async () => {
		const own = 'LEGACY-SHOP-0001-ABCD';
		const { id, key } = await issue({ key: own });
		expect(key).toBe(own);
		expect(await codeOf(own)).toBe('valid');
		expect((await act(id, 'reveal')).body).toMatchObject({ key: own });
		const again = await store.call('POST', '/api/v1/licenses', {
			productId,
			email: 'bob@example.com',
			key: own,
		});
		expect(again).toMatchObject({ status: 422, body: { code: 'license_key_taken' } });
	});

	it('stops to work when it is rotated, and the new one works', async () => {
		const { id, key } = await issue();
		const { body } = await act(id, 'rotate');
		expect(body['key']).not.toBe(key);
		expect(await codeOf(key)).toBe('unknown_key');
		expect(await codeOf(String(body['key']))).toBe('valid');
		expect((await eventsOf(id)).map(({ type }) => type)).toContain('license.rotated');
	});
});

describe('a licence', () => {
	it('takes the terms of its policy, and keeps them when the policy changes', async () => {
		const product = await createProduct();
		const policy = { type: 'trial', durationDays: 14, maxDevices: 2, entitlements: ['pro'] };
		const { status } = await store.call('PUT', `/api/v1/license-policies/${product}`, policy);
		expect(status).toBe(200);
		const first = await issue({ productId: product });
		await store.call('PUT', `/api/v1/license-policies/${product}`, { maxDevices: 9 });
		const { body } = await store.call('GET', `/api/v1/licenses/${first.id}`);
		expect(body).toMatchObject({
			type: 'trial',
			entitlements: ['pro'],
			limits: { devices: { max: 2, used: 0 } },
			permissions: { download: true, commercialUse: false },
		});
		expect(await issue({ productId: product })).toMatchObject({
			type: 'perpetual',
			limits: { devices: { max: 9 } },
		});
	});

	it('is suspended, reinstated and revoked, each told once and noted with the reason', async () => {
		const { id, key } = await issue();
		await act(id, 'suspend', { reason: 'chargeback expected' });
		await act(id, 'suspend', { reason: 'chargeback expected' });
		expect(await codeOf(key)).toBe('suspended');
		await act(id, 'reinstate');
		expect(await codeOf(key)).toBe('valid');
		await act(id, 'revoke');
		expect(await codeOf(key)).toBe('revoked');
		expect((await eventsOf(id)).map(({ type }) => type)).toEqual([
			'license.created',
			'license.suspended',
			'license.reinstated',
			'license.revoked',
		]);
		const { body } = await store.call('GET', `/api/v1/licenses/${id}/history`);
		expect(JSON.stringify(body)).toContain('chargeback expected');
	});

	it('is renewed from its end, or from now when that is past', async () => {
		const end = new Date(Date.now() + 10 * DAY);
		const { id } = await issue({ expiresAt: end.toISOString() });
		const { body } = await act(id, 'renew', { days: 30 });
		expect(body['expiresAt']).toBe(new Date(end.getTime() + 30 * DAY).toISOString());
		const past = await issue({ expiresAt: new Date(Date.now() - DAY).toISOString() });
		expect(await codeOf(past.key)).toBe('expired');
		await act(past.id, 'renew', { days: 1 });
		expect(await codeOf(past.key)).toBe('valid');
		const endless = await issue();
		expect((await act(endless.id, 'renew', { days: 1 })).status).toBe(409);
	});

	it('is given to somebody else without devices, under a new key', async () => {
		const { id, key } = await issue({ maxDevices: 1 });
		await store.call('POST', '/api/v1/licenses/activations', { key, fingerprint: 'first-device' });
		const { body } = await act(id, 'transfer', { email: 'eve@example.com' });
		expect(body).toMatchObject({
			email: 'eve@example.com',
			limits: { devices: { used: 0 } },
		});
		expect(await codeOf(key)).toBe('unknown_key');
	});

	it('is told as expiring 14 and 3 days before, once each, and as expired when its grace is over', async () => {
		const grace = { warnDays: 1, limitDays: 1, limitEntitlements: [] };
		const { id } = await issue({ expiresAt: new Date(Date.now() + 10 * DAY).toISOString(), grace });
		const endIn = (days: number) =>
			store.db.query(
				`UPDATE licenses SET expires_at = expires_at - make_interval(days => $2),
					ends_at = ends_at - make_interval(days => $2),
					expiring_told_for = expiring_told_for - make_interval(days => $2) WHERE id = $1`,
				[id, days],
			);
		const told = async () => {
			await tellExpiring(store.db);
			await expireLicenses(store.db);
			const events = await eventsOf(id);
			return events.map(({ type, data }) => [
				type,
				z.looseObject({ daysLeft: z.number().optional() }).parse(data).daysLeft,
			]);
		};
		const history: unknown[] = [['license.created', undefined]];
		expect(await told()).toEqual((history.push(['license.expiring', 14]), history));
		expect(await told()).toEqual(history);
		await endIn(8);
		expect(await told()).toEqual((history.push(['license.expiring', 3]), history));
		await endIn(3);
		expect(await told()).toEqual(history);
		await endIn(2);
		expect(await told()).toEqual((history.push(['license.expired', undefined]), history));
		expect(await told()).toEqual(history);
	});

	it('is one for a line of an order, however often it is asked for; the key is shown once', async () => {
		const { body: product } = await store.call('POST', '/api/v1/products', {
			title: 'Manual',
			status: 'published',
			variants: [{ sku: 'manual', delivery: 'digital', price: { amount: 900, currency: 'EUR' } }],
		});
		const { body: order } = await store.call('POST', '/api/v1/orders', {
			lines: [{ sku: 'manual', quantity: 1 }],
			email: 'line@example.com',
		});
		const { number, lines } = z
			.object({ number: z.string(), lines: z.array(z.object({ id: z.string() })) })
			.parse(order);
		const ask = () =>
			store.call('POST', '/api/v1/licenses', {
				productId: z.object({ id: z.string() }).parse(product).id,
				orderLineId: lines[0]?.id,
			});
		const answers = await Promise.all([ask(), ask(), ask()]);
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
		for (const { status, body } of answers) {
			expect(body).toMatchObject({ email: 'line@example.com', order: { number } });
			expect(Object.hasOwn(Object(body), 'key')).toBe(status === 201);
		}
	});

	it('is found by its key', async () => {
		const { id, key } = await issue();
		const { body } = await store.call('GET', `/api/v1/licenses?key=${key}`);
		expect(body).toMatchObject({ data: [{ id }], nextCursor: null });
	});

	it('is asked for by the public door with nothing but its key', async () => {
		const { key } = await issue();
		const answer = await store.app.inject({
			method: 'POST',
			url: '/public/licenses/validate',
			payload: { key },
		});
		expect(answer.json()).toMatchObject({ valid: true, code: 'valid' });
		expect(answer.headers['access-control-allow-origin']).toBe('*');
		expect(answer.body).not.toContain('ada@example.com');
	});

	it('lets one address try only so many keys', async () => {
		const tries = Array.from({ length: 130 }, (_, i) =>
			store.app.inject({
				method: 'POST',
				url: '/public/licenses/validate',
				remoteAddress: '203.0.113.7',
				payload: { key: `AP-GUESS-${i}` },
			}),
		);
		const codes = (await Promise.all(tries)).map(({ statusCode }) => statusCode);
		expect(codes.filter((code) => code === 200)).toHaveLength(120);
		expect(codes.filter((code) => code === 429)).toHaveLength(10);
	});
});

describe('usage counters', () => {
	// No month ends while these count.
	const counters = { exports: { limit: 10, period: 'none' } };
	const count = (key: string, more: object = {}) =>
		store.call('POST', '/api/v1/licenses/usage', { key, counter: 'exports', ...more });

	it('count up to the limit, also when many count at once', async () => {
		const { id, key } = await issue({ counters });
		const answers = await Promise.all(Array.from({ length: 25 }, () => count(key)));
		expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
		expect(answers.filter(({ status }) => status === 409)).toHaveLength(15);
		const { body } = await store.call('GET', `/api/v1/licenses/${id}/usage`);
		expect(body).toMatchObject({ data: [{ counter: 'exports', used: 10, remaining: 0 }] });
		const told = (await eventsOf(id)).filter(({ type }) => type === 'license.limit_reached');
		expect(told).toHaveLength(1);
	});

	it('count a repeated call once', async () => {
		const { key } = await issue({ counters });
		const twice = await Promise.all([
			count(key, { n: 3, idempotencyKey: 'a' }),
			count(key, { n: 3, idempotencyKey: 'a' }),
		]);
		expect(twice.map(({ body }) => body)).toEqual([
			expect.objectContaining({ used: 3, remaining: 7 }),
			expect.objectContaining({ used: 3, remaining: 7 }),
		]);
	});

	it('start again with the next period', async () => {
		const { id, key } = await issue({ counters: { exports: { limit: 10, period: 'month' } } });
		await count(key, { n: 10 });
		await store.db.query(
			`UPDATE license_usage SET period_start = period_start - interval '1 month' WHERE license_id = $1`,
			[id],
		);
		expect(await count(key, { n: 10 })).toMatchObject({ status: 200, body: { used: 10 } });
	});

	it.each([
		['none', '1970-01-01', null],
		['day', '2028-02-29', '2028-03-01'],
		['month', '2028-02-01', '2028-03-01'],
		['year', '2028-01-01', '2029-01-01'],
	] as const)('with the period %s count from %s', (period, start, end) => {
		expect(periodOf(period, new Date('2028-02-29T23:59:59.999Z'))).toEqual({
			start: new Date(start),
			end: end === null ? null : new Date(end),
		});
	});

	it('are those of the licence', async () => {
		const { key } = await issue();
		expect(await count(key)).toMatchObject({ status: 422, body: { code: 'counter_unknown' } });
	});
});
