import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { markPaid } from '../src/orders/orders.ts';
import { startStoreApp } from './store-app.ts';

let store: Awaited<ReturnType<typeof startStoreApp>>;
beforeAll(async () => {
	store = await startStoreApp();
});
afterAll(() => store.close());

const ORDERS = '/api/v1/orders';
const cause = { correlationId: 'test' };

describe('an order', () => {
	it('holds stock, is paid and takes it', async () => {
		await store.call('POST', '/api/v1/products', {
			title: 'Lamp',
			status: 'published',
			variants: [{ sku: 'L-1', price: { amount: 4999, currency: 'EUR' }, stock: 5 }],
		});
		const made = await store.call('POST', ORDERS, {
			email: 'ann@example.com',
			lines: [{ sku: 'L-1', quantity: 2 }],
		});
		expect(made).toMatchObject({ status: 201, body: { status: 'created', total: 9998 } });
		const { rows } = await store.db.query('SELECT stock, reserved FROM variants');
		expect(rows).toEqual([{ stock: 5, reserved: 2 }]);
		const payment = { paymentId: 'p1', amount: 9998, currency: 'EUR', at: new Date() };
		const paid = await store.db.transaction((tx) => markPaid(tx, made.body.id, payment, cause));
		expect(paid.outcome).toBe('paid');
		const { rows: after } = await store.db.query('SELECT stock, reserved FROM variants');
		expect(after).toEqual([{ stock: 3, reserved: 0 }]);
		const found = await store.call('GET', `${ORDERS}/${made.body.number}`);
		expect(found.body).toEqual(paid.order);
		expect((await store.db.query('SELECT * FROM stock_differences')).rows).toEqual([]);
	});
});
