import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type MoneyWorld, startMoneyWorld } from './money-world.ts';
import { shopOf } from './shop.ts';

let world: MoneyWorld;
let shop: ReturnType<typeof shopOf>;
beforeAll(async () => {
	world = await startMoneyWorld();
	shop = shopOf(world);
	await world.startWorker({ retryDelaysMs: [10, 10] });
	await world.product([{ sku: 'LAMP', amount: 4900, stock: 10 }]);
	await world.product([{ sku: 'CODE', amount: 900, delivery: 'digital' }]);
	await world.call('POST', '/api/v1/coupons', {
		code: 'ONCE',
		kind: 'percent',
		basisPoints: 1000,
		maxRedemptions: 1,
	});
});
afterAll(() => world.close());

const buy = async (more: object = {}) => {
	const order = await world.order([{ sku: 'LAMP', quantity: 2 }, { sku: 'CODE' }], more);
	const { payment } = await world.checkout(order.id);
	await world.pay(payment.sessionRef);
	await world.settled();
	return { order: await world.get(`/api/v1/orders/${order.id}`), paymentId: payment.id };
};
const cancel = (id: string, wish: object) =>
	world.call('POST', `/api/v1/orders/${id}/cancel`, wish);

describe('cancelling a paid order with a refund', () => {
	it('gives the money back, revokes the licence and releases stock and coupon, twice as once', async () => {
		const stock = await shop.stockOf('LAMP');
		const books = await world.balances();
		const { order, paymentId } = await buy({ couponCode: 'ONCE' });
		expect(await shop.stockOf('LAMP')).toMatchObject({ stock: (stock?.stock ?? 0) - 2 });
		const wish = { reason: 'Changed my mind', refund: true };
		const answers = await Promise.all([cancel(order.id, wish), cancel(order.id, wish)]);
		expect(answers.map(({ status, body }) => [status, body.status])).toEqual([
			[200, 'cancelled'],
			[200, 'cancelled'],
		]);
		await world.sendRefunds();
		await world.settled();
		expect((await cancel(order.id, wish)).status).toBe(200);
		await world.sendRefunds();
		await world.settled();

		expect(await world.get(`/api/v1/orders/${order.id}`)).toMatchObject({
			...{ status: 'cancelled', paymentStatus: 'refunded' },
			...{ captured: order.total, refunded: order.total },
		});
		const { data: refunds } = await world.get(`/api/v1/refunds?paymentId=${paymentId}`);
		expect(refunds).toMatchObject([
			{ status: 'succeeded', amount: order.total, reason: 'Changed my mind' },
		]);
		const { paymentRef } = await world.get(`/api/v1/payments/${paymentId}`);
		const atGateway = await world.stripe.refunds.list({ payment_intent: paymentRef });
		expect(atGateway.data.map(({ amount }) => amount)).toEqual([order.total]);
		const { data: licenses } = await world.get(`/api/v1/licenses?orderId=${order.id}`);
		expect(licenses).toMatchObject([{ status: 'revoked', statusReason: 'refunded' }]);
		expect(await shop.stockOf('LAMP')).toEqual(stock);
		expect(await shop.stockDifferences()).toEqual([]);
		const after = await world.balances();
		expect(after['gateway_clearing EUR']).toBe(books['gateway_clearing EUR'] ?? 0);
		expect((after['revenue EUR'] ?? 0) + (after['refunds EUR'] ?? 0)).toBe(
			(books['revenue EUR'] ?? 0) + (books['refunds EUR'] ?? 0),
		);
		expect(await world.told(order.id)).toEqual([
			'order.created',
			'order.paid',
			'order.cancelled',
			'order.refunded',
		]);
		const { data: coupons } = await world.get('/api/v1/coupons?code=ONCE');
		expect(coupons).toMatchObject([{ redeemed: 0 }]);
	});

	it('is refused without the refund, and changes nothing', async () => {
		const { order } = await buy();
		const { status, body } = await cancel(order.id, {});
		expect([status, body.code]).toEqual([409, 'order_state']);
		expect(body.detail).toContain('"refund": true');
		expect(await world.get(`/api/v1/orders/${order.id}`)).toMatchObject({ status: 'paid' });
		const { data } = await world.get(`/api/v1/refunds?orderId=${order.id}`);
		expect(data).toEqual([]);
	});

	it('is refused once something has left the house, and refunds nothing', async () => {
		const { order } = await buy();
		await world.call('POST', `/api/v1/orders/${order.id}/fulfil`);
		const shipped = await world.call('POST', `/api/v1/orders/${order.id}/shipments`, {
			...{ carrier: 'DHL', trackingNumber: '1' },
		});
		expect(shipped.status).toBe(201);
		const { status, body } = await cancel(order.id, { refund: true });
		expect([status, body.code]).toEqual([409, 'order_state']);
		const { data } = await world.get(`/api/v1/refunds?orderId=${order.id}`);
		expect(data).toEqual([]);
	});

	it('asks for nothing more while all of it is on its way', async () => {
		const { order } = await buy();
		await world.call('POST', '/api/v1/refunds', { orderId: order.id });
		const { status, body } = await cancel(order.id, { refund: true });
		expect([status, body.status]).toEqual([200, 'cancelled']);
		await world.sendRefunds();
		await world.settled();
		const { data } = await world.get(`/api/v1/refunds?orderId=${order.id}`);
		expect(data).toMatchObject([{ status: 'succeeded', amount: order.total }]);
		const { data: licenses } = await world.get(`/api/v1/licenses?orderId=${order.id}`);
		expect(licenses).toMatchObject([{ status: 'revoked' }]);
	});

	it('gives back only what is left after a refund of a part', async () => {
		const { order } = await buy();
		await world.call('POST', '/api/v1/refunds', { orderId: order.id, amount: 1500 });
		await world.sendRefunds();
		await world.settled();
		expect((await cancel(order.id, { refund: true })).status).toBe(200);
		await world.sendRefunds();
		await world.settled();
		const { data } = await world.get(`/api/v1/refunds?orderId=${order.id}`);
		expect(data.map(({ amount }: { amount: number }) => amount)).toEqual([
			order.total - 1500,
			1500,
		]);
		expect(await world.get(`/api/v1/orders/${order.id}`)).toMatchObject({ refunded: order.total });
	});
});
