import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startStoreApp } from './store-app.ts';

let store: Awaited<ReturnType<typeof startStoreApp>>;
beforeAll(async () => {
	store = await startStoreApp();
});
afterAll(() => store.close());

const CUSTOMERS = '/api/v1/customers';
const create = async (email: string, more: object = {}) =>
	store.call('POST', CUSTOMERS, { email, ...more });

describe('customers', () => {
	it('are created, changed and told about', async () => {
		const { status, body } = await create('ada@example.com', {
			name: 'Ada',
			attributes: { tier: 1 },
		});
		expect(status).toBe(201);
		const consent = { source: 'checkout', at: '2026-01-01T00:00:00Z' };
		const patch = { attributes: { vip: true }, marketingConsent: consent };
		const changed = await store.call('PATCH', `${CUSTOMERS}/${body.id}`, patch);
		expect(changed.body).toMatchObject({
			name: 'Ada',
			attributes: { tier: 1, vip: true },
			marketingConsent: consent,
		});
		const withdrawn = await store.call('PATCH', `${CUSTOMERS}/${body.id}`, {
			marketingConsent: null,
		});
		expect(withdrawn.body.marketingConsent).toBeNull();
		const { rows } = await store.db.query(
			'SELECT type FROM outbox WHERE aggregate_id = $1 ORDER BY seq',
			[body.id],
		);
		expect(rows.map(({ type }) => type)).toEqual([
			'customer.created',
			'customer.updated',
			'customer.updated',
		]);
	});

	it('have one row for one address, in whatever case it is written', async () => {
		await create('grace@example.com');
		const again = await create('Grace@Example.com');
		expect([again.status, again.body.code]).toEqual([422, 'email_taken']);
	});

	it('are found by address and by part of the name, and paged', async () => {
		const { body } = await create('linus@example.com', { name: 'Linus 100%_sure' });
		const ids = async (query: string) =>
			(await store.call('GET', `${CUSTOMERS}?${query}`)).body.data.map((c: { id: string }) => c.id);
		expect(await ids('email=LINUS@example.com')).toEqual([body.id]);
		expect(await ids('q=100%25_s')).toEqual([body.id]);
		const first = (await store.call('GET', `${CUSTOMERS}?limit=1`)).body;
		const second = (await store.call('GET', `${CUSTOMERS}?limit=1&cursor=${first.nextCursor}`))
			.body;
		expect(second.data[0].id).not.toBe(first.data[0].id);
	});

	it('are deleted', async () => {
		const { body } = await create('bye@example.com');
		expect((await store.call('DELETE', `${CUSTOMERS}/${body.id}`)).status).toBe(204);
		expect((await store.call('GET', `${CUSTOMERS}/${body.id}`)).body.code).toBe(
			'customer_not_found',
		);
	});

	it.each([['no-address'], ['a@b\r\nBcc: c@example.com']])(
		'refuse the address %j',
		async (email) => {
			expect((await create(email)).body.errors[0].pointer).toBe('/email');
		},
	);
});
