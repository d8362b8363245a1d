import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '@autopilot/postgres/testing';
import { type MoneyWorld, startMoneyWorld } from './money-world.ts';

let world: MoneyWorld;
beforeAll(async () => {
	world = await startMoneyWorld();
	await world.startWorker({ retryDelaysMs: [10, 10] });
	await world.product([{ sku: 'CHAI', amount: 50_000, currency: 'INR', stock: 100 }]);
});
afterAll(() => world.close());

const open = async () => {
	const order = await world.order([{ sku: 'CHAI' }]);
	const page = await world.checkout(order.id, { gateway: 'razorpay' });
	return { order, ...page };
};
const pay = (sessionRef: string, number = '4242 4242 4242 4242') =>
	fetch(`${world.sandboxUrl}/razorpay/pay/${sessionRef}`, {
		method: 'POST',
		body: new URLSearchParams({ number }),
		redirect: 'manual',
	});
const buy = async () => {
	const { order, payment } = await open();
	await pay(payment.sessionRef);
	await until(
		async () => (await world.get(`/api/v1/payments/${payment.id}`)).status === 'succeeded',
	);
	await world.settled();
	return { order, paymentId: payment.id };
};

describe('the same store with Razorpay', () => {
	it('is paid on a payment link, with the fee in the books', async () => {
		const { order, paymentId } = await buy();
		const payment = await world.get(`/api/v1/payments/${paymentId}`);
		expect(payment).toMatchObject({ gateway: 'razorpay', captured: 50_000, currency: 'INR' });
		expect(payment.paymentRef).toMatch(/^pay_/);
		expect(payment.fee).toBeGreaterThan(0);
		expect(await world.get(`/api/v1/orders/${order.id}`)).toMatchObject({ status: 'paid' });
		expect(await world.told(order.id)).toEqual(['order.created', 'order.paid']);
		expect(await world.told(paymentId)).toEqual(['payment.succeeded']);
		expect((await world.balances())['fees INR']).toBe(payment.fee);
	});

	it('gives the same link again, and leads back to the order', async () => {
		const { order, payment, url } = await open();
		expect((await world.checkout(order.id, { gateway: 'razorpay' })).url).toBe(url);
		const answer = await pay(payment.sessionRef);
		expect(answer.headers.get('location')).toContain(order.orderUrl);
		await world.settled();
	});

	it('keeps the link open after a declined card', async () => {
		const { order, payment } = await open();
		await pay(payment.sessionRef, '4000 0000 0000 0002');
		await until(async () => (await world.told(payment.id)).includes('payment.failed'));
		await pay(payment.sessionRef);
		await until(async () => (await world.told(payment.id)).includes('payment.succeeded'));
		expect(await world.get(`/api/v1/orders/${order.id}`)).toMatchObject({ status: 'paid' });
	});

	it('changes over to the other gateway, and closes the page of the first', async () => {
		const { order, payment } = await open();
		const other = await world.checkout(order.id, { gateway: 'stripe' });
		expect(other.payment).toMatchObject({ gateway: 'stripe', status: 'open' });
		expect((await pay(payment.sessionRef)).status).toBe(410);
	});

	it('refunds in parts, each once', async () => {
		const { order, paymentId } = await buy();
		for (const amount of [10_000, 15_000]) {
			await world.call('POST', '/api/v1/refunds', { orderId: order.id, amount });
		}
		await world.sendRefunds();
		await world.settled();
		expect(await world.get(`/api/v1/payments/${paymentId}`)).toMatchObject({
			refunded: 25_000,
			refundPending: 0,
		});
		const { data } = await world.get(`/api/v1/refunds?paymentId=${paymentId}`);
		expect(data.map((one: { status: string }) => one.status)).toEqual(['succeeded', 'succeeded']);
	});

	it('sells no subscriptions, and says so', async () => {
		const product = await world.product([
			{ sku: 'TEA-CLUB', currency: 'INR', delivery: 'digital' },
		]);
		await world.call('POST', '/api/v1/plans', {
			variantId: product.variants[0].id,
			interval: 'month',
		});
		const order = await world.order([{ sku: 'TEA-CLUB' }]);
		const { status, body } = await world.call('POST', `/api/v1/orders/${order.id}/checkout`, {
			gateway: 'razorpay',
		});
		expect([status, body.code]).toEqual([502, 'gateway_refused']);
		expect(body.detail).toContain('Stripe');
	});

	it('is reconciled: a payment whose webhook got lost is found and booked', async () => {
		const { order, payment } = await open();
		// Held back until it does not matter any more: one that is dropped comes again after a second.
		await world.control('PUT', '/webhooks', { hold: true });
		await pay(payment.sessionRef);
		const { body } = await world.call('POST', '/api/v1/reconciliations', { gateway: 'razorpay' });
		expect(body.differences).toContainEqual(
			expect.objectContaining({
				kind: 'payment_missing',
				orderId: order.id,
				repair: 'event_queued',
			}),
		);
		const isPaid = async () => {
			await world.settled();
			expect(await world.get(`/api/v1/orders/${order.id}`)).toMatchObject({ status: 'paid' });
		};
		await isPaid();
		await world.control('PUT', '/webhooks', {});
		await world.control('POST', '/webhooks/release');
		await isPaid();
		expect(await world.told(payment.id)).toEqual(['payment.succeeded']);
	});
});

describe("Razorpay's webhook", () => {
	const post = async (payload: string, secret = 'razorpay-webhook-secret') => {
		const answer = await world.app.inject({
			method: 'POST',
			url: '/webhooks/razorpay',
			payload,
			headers: {
				'content-type': 'application/json',
				'x-razorpay-event-id': 'evt_of_a_test',
				'x-razorpay-signature': createHmac('sha256', secret).update(payload).digest('hex'),
			},
		});
		return answer.statusCode;
	};
	const event = (createdAt: number) =>
		JSON.stringify({ event: 'invoice.paid', created_at: createdAt, payload: {} });
	const now = () => Math.floor(Date.now() / 1000);

	it('is accepted when it is signed, whatever its type, and refused otherwise', async () => {
		expect(await post(event(now()))).toBe(200);
		expect(await post(event(now() - 80_000))).toBe(200);
		expect(await post(event(now()), 'another secret')).toBe(400);
		expect(await post(event(now() + 600))).toBe(400);
		expect(await post('no json')).toBe(400);
	});
});
