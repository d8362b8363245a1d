import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ImportedRow, ImportResult } from '../src/licenses/import/schema.ts';
import { startStoreApp } from './store-app.ts';

let store: Awaited<ReturnType<typeof startStoreApp>>;
let productId: string;
let otherId: string;
beforeAll(async () => {
	store = await startStoreApp();
	const product = async (title: string) =>
		(
			await store.call('POST', '/api/v1/products', {
				title,
				variants: [{ sku: title, price: { amount: 4900, currency: 'EUR' } }],
			})
		).body.id;
	productId = await product('EDITOR');
	otherId = await product('PLAYER');
	const { status } = await store.call('PUT', `/api/v1/license-policies/${productId}`, {
		...{ type: 'perpetual', durationDays: 30, maxDevices: 2, entitlements: ['export'] },
	});
	expect(status).toBeLessThan(300);
});
afterAll(() => store.close());

const send = async (
	licenses: unknown[],
	{ headers, ...more }: { headers?: Record<string, string>; productId?: string } = { productId },
): Promise<ImportResult> => {
	const body = { ...more, licenses };
	const answer = await store.call('POST', '/api/v1/licenses/import', body, headers);
	expect([answer.status, answer.body.code]).toEqual([200, undefined]);
	return answer.body;
};
const countsOf = ({ created, existing, rejected }: ImportResult) => [created, existing, rejected];
const faultsOf = ({ rows }: ImportResult) =>
	rows.flatMap(({ errors }) => errors.map(({ pointer }) => pointer));
const get = async (row: ImportedRow | undefined) =>
	(await store.call('GET', `/api/v1/licenses/${row?.licenseId}`)).body;
const validate = async (key: string | undefined) =>
	(await store.call('POST', '/api/v1/licenses/validate', { key })).body.code;
const totalOf = async () => {
	const { rows } = await store.db.query<{ total: number }>(
		'SELECT count(*) AS total FROM licenses',
	);
	return rows[0]?.total;
};

describe('an import of licences', () => {
	it('takes keys of another shop and makes those that are missing, by the policy of the product', async () => {
		const expiresAt = '2031-01-01T00:00:00.000Z';
		const result = await send([
			{ externalId: 'old-1', email: 'ann@example.com', key: 'OLD-SHOP-KEY-0000-0001' },
			{ externalId: 'old-2', email: 'bob@example.com', name: 'Bob', expiresAt, maxDevices: 9 },
			{ email: 'cy@example.com', key: 'OLD-SHOP-KEY-0000-0003', productId: otherId },
		]);
		expect(countsOf(result)).toEqual([3, 0, 0]);
		const [kept, made, other] = result.rows;
		expect(kept).not.toHaveProperty('key');
		expect(made?.key).toMatch(/^AP-/);
		expect(await validate('old shop key 0000 0001')).toBe('valid');
		expect(await validate(made?.key)).toBe('valid');
		const license = await get(kept);
		expect(license).toMatchObject({
			...{ externalId: 'old-1', email: 'ann@example.com', entitlements: ['export'], order: null },
			limits: { devices: { max: 2 } },
		});
		expect(Date.parse(license.expiresAt)).toBeGreaterThan(Date.now() + 29 * 86_400_000);
		expect(await get(made)).toMatchObject({
			expiresAt,
			name: 'Bob',
			limits: { devices: { max: 9 } },
		});
		expect(await get(other)).toMatchObject({ product: { title: 'PLAYER' }, expiresAt: null });
		const { body: found } = await store.call('GET', '/api/v1/licenses?externalId=old-2');
		expect(found.data.map(({ id }: { id: string }) => id)).toEqual([made?.licenseId]);
	});

	it('keeps no key as it is, and tells each licence once, as imported', async () => {
		const key = 'SECRET-OLD-KEY-4711-0815';
		const { rows } = await send([
			{ email: 'dee@example.com', key },
			{ externalId: 'dee', email: 'dee@example.com' },
		]);
		const ids = rows.map(({ licenseId }) => licenseId);
		const { rows: stored } = await store.db.query<{ type: string; data: { imported: boolean } }>(
			`SELECT to_jsonb(l) AS license, o.type, o.data FROM licenses l
			JOIN outbox o ON o.aggregate_id = l.id::text WHERE l.id = ANY ($1)`,
			[ids],
		);
		expect(stored.map(({ type, data }) => [type, data.imported])).toEqual([
			['license.created', true],
			['license.created', true],
		]);
		for (const secret of [key, rows[1]?.key ?? 'none']) {
			expect(JSON.stringify(stored)).not.toContain(secret);
		}
		const { body } = await store.call('GET', `/api/v1/licenses/${ids[0]}/history`);
		expect(body.data).toMatchObject([{ action: 'imported', actor: 'test' }]);
		const revealed = await store.call('POST', `/api/v1/licenses/${ids[0]}/reveal`);
		expect(revealed.body.key).toBe(key);
	});

	it('makes nothing twice when it is sent again', async () => {
		const rows = [
			{ externalId: 'again-1', email: 'eve@example.com' },
			{ email: 'eve@example.com', key: 'AGAIN-KEY-0000-0000-0002' },
		];
		const first = await send(rows);
		const before = await totalOf();
		const second = await send([...rows, { externalId: 'again-3', email: 'eve@example.com' }]);
		expect(countsOf(second)).toEqual([1, 2, 0]);
		expect(second.rows.slice(0, 2).map(({ licenseId }) => licenseId)).toEqual(
			first.rows.map(({ licenseId }) => licenseId),
		);
		// The key was shown when it was made.
		expect(second.rows[0]).not.toHaveProperty('key');
		expect(await totalOf()).toBe((before ?? 0) + 1);
	});

	it('makes each licence once when it is sent several times at once', async () => {
		const rows = Array.from({ length: 40 }, (_, n) => ({
			externalId: `race-${n}`,
			email: 'fay@example.com',
			...(n % 2 === 0 ? { key: `RACE-KEY-0000-0000-00${String(n).padStart(2, '0')}` } : {}),
		}));
		const results = await Promise.all([
			send(rows),
			send([...rows].reverse()),
			send(rows),
			send([...rows].reverse()),
		]);
		const sum = (pick: (result: ImportResult) => number) =>
			results.reduce((total, result) => total + pick(result), 0);
		expect([sum((r) => r.created), sum((r) => r.existing), sum((r) => r.rejected)]).toEqual([
			40, 120, 0,
		]);
	});

	it('refuses single rows and says why, and takes the others', async () => {
		await send([
			{ externalId: 'taken', email: 'gus@example.com', key: 'TAKEN-KEY-0000-0000-0001' },
		]);
		const result = await send([
			{ externalId: 'good', email: 'gus@example.com' },
			{ externalId: 'bad-1', email: 'no address' },
			{ email: 'gus@example.com' },
			{ externalId: 'bad-3', email: 'gus@example.com', key: 'short' },
			{ externalId: 'bad-4', email: 'gus@example.com', productId: crypto.randomUUID() },
			{ externalId: 'good', email: 'gus@example.com' },
			{ externalId: 'bad-6', email: 'gus@example.com', key: 'taken-key-0000-0000-oooi' },
			{ externalId: 'taken', email: 'gus@example.com', key: 'OTHER-KEY-0000-0000-0001' },
			{ externalId: 'taken', email: 'gus@example.com', productId: otherId },
			{ email: 'somebody@example.com', key: 'TAKEN-KEY-0000-0000-0001' },
			{ externalId: 'bad-10', email: 'gus@example.com', maxDevice: 3 },
			'not a row',
		]);
		expect(countsOf(result)).toEqual([1, 0, 11]);
		expect(faultsOf(result)).toEqual([
			'/licenses/1/email',
			'/licenses/2/externalId',
			'/licenses/3/key',
			'/licenses/4/productId',
			'/licenses/5/externalId',
			'/licenses/6/key',
			'/licenses/7/key',
			'/licenses/8/externalId',
			'/licenses/9/key',
			'/licenses/10',
			'/licenses/11',
		]);
		expect(result.rows.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
		expect(result.rows[1]).toMatchObject({
			status: 'rejected',
			externalId: 'bad-1',
			licenseId: null,
		});
	});

	it('needs a product, in the row or for all', async () => {
		const result = await send([{ externalId: 'x', email: 'hal@example.com' }], {});
		expect(faultsOf(result)).toEqual(['/licenses/0/productId']);
	});

	it('takes a thousand rows, and no more', async () => {
		const rows = Array.from({ length: 1001 }, (_, n) => ({
			externalId: `bulk-${n}`,
			email: `buyer-${n}@example.com`,
			metadata: { note: 'x'.repeat(1500) },
		}));
		expect(countsOf(await send(rows.slice(0, 1000)))).toEqual([1000, 0, 0]);
		const { status, body } = await store.call('POST', '/api/v1/licenses/import', {
			...{ productId, licenses: rows },
		});
		expect([status, body.code]).toEqual([400, 'invalid_request']);
	});

	it('answers the same to the same idempotency key, with the keys it has made', async () => {
		const headers = { 'idempotency-key': 'import-1' };
		const rows = [{ externalId: 'once', email: 'ida@example.com' }];
		const first = await send(rows, { productId, headers });
		expect(await send(rows, { productId, headers })).toEqual(first);
	});

	it('needs the right to issue licences', async () => {
		const answer = await store.app.inject({
			method: 'POST',
			url: '/api/v1/licenses/import',
			payload: { licenses: [{}] },
		});
		expect(answer.statusCode).toBe(401);
	});
});
