import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type MoneyWorld, startMoneyWorld } from './money-world.ts';

let world: MoneyWorld;
beforeAll(async () => {
	world = await startMoneyWorld();
	await world.startWorker({ retryDelaysMs: [10, 10] });
	await world.product([{ sku: 'LAMP', amount: 4900, stock: 100 }]);
});
afterAll(() => world.close());

const buy = async () => {
	const order = await world.order([{ sku: 'LAMP' }]);
	const { payment } = await world.checkout(order.id);
	await world.pay(payment.sessionRef);
	return { order, paymentId: payment.id };
};
const reconcile = async () => {
	const { status, body } = await world.call('POST', '/api/v1/reconciliations', {});
	expect([status, body.status]).toEqual([201, 'succeeded']);
	return body;
};

describe('a reconciliation', () => {
	it('finds nothing where nothing got lost, and books the fees', async () => {
		const { paymentId } = await buy();
		await world.settled();
		const report = await reconcile();
		expect(report).toMatchObject({ repaired: 0, differences: [] });
		expect(report.checked).toBeGreaterThan(0);
		const { fee } = await world.get(`/api/v1/payments/${paymentId}`);
		expect(fee).toBeGreaterThan(0);
		expect((await world.balances())['fees EUR']).toBe(fee);
		await reconcile();
		expect((await world.balances())['fees EUR']).toBe(fee);
	});

	it('takes in the payments and refunds whose webhooks never came', async () => {
		const refunded = await buy();
		await world.settled();
		// Held back until they don't matter any more: one that is dropped comes again after a second.
		await world.control('PUT', '/webhooks', { hold: true });
		const lost = await buy();
		const { paymentRef } = await world.get(`/api/v1/payments/${refunded.paymentId}`);
		await world.stripe.refunds.create({ payment_intent: paymentRef, amount: 900 });
		expect(await world.get(`/api/v1/orders/${lost.order.id}`)).toMatchObject({
			status: 'pending_payment',
		});
		const report = await reconcile();
		expect(report.differences).toEqual(
			expect.arrayContaining([
				expect.objectContaining({
					...{ kind: 'payment_missing', orderId: lost.order.id },
					...{ theirs: '4900 EUR', repair: 'event_queued' },
				}),
				expect.objectContaining({ kind: 'refund_missing', repair: 'event_queued' }),
			]),
		);
		expect(report.repaired).toBeGreaterThan(1);
		const repaired = async () => {
			await world.settled();
			const [paid, refund] = await Promise.all(
				[lost, refunded].map(({ order }) => world.get(`/api/v1/orders/${order.id}`)),
			);
			expect(paid).toMatchObject({ status: 'paid' });
			expect(refund).toMatchObject({ refunded: 900 });
			expect(await reconcile()).toMatchObject({ repaired: 0, differences: [] });
		};
		await repaired();
		await world.control('PUT', '/webhooks', {});
		await world.control('POST', '/webhooks/release');
		await repaired();
		const { data } = await world.get('/api/v1/reconciliations');
		expect(data.length).toBeGreaterThan(2);
	});

	it('reports what nobody can repair by itself', async () => {
		const { order, paymentId } = await buy();
		await world.settled();
		await world.db.query(`UPDATE payments SET captured = 4800 WHERE id = $1`, [paymentId]);
		const { differences } = await reconcile();
		expect(differences).toEqual([
			expect.objectContaining({
				...{ kind: 'payment_differs', orderId: order.id, repair: 'none' },
				...{ ours: '4800 EUR', theirs: '4900 EUR' },
			}),
		]);
	});

	it('refuses a window that is no window', async () => {
		const { status, body } = await world.call('POST', '/api/v1/reconciliations', {
			from: '2020-01-01T00:00:00Z',
		});
		expect([status, body.code]).toEqual([422, 'window_invalid']);
	});
});
