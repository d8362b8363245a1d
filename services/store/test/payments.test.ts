import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '@autopilot/postgres/testing';
import { type MoneyWorld, startMoneyWorld } from './money-world.ts';

const today = () => new Date().toISOString().slice(0, 10);
const began = today();
let world: MoneyWorld;
beforeAll(async () => {
	world = await startMoneyWorld();
	await world.startWorker({ retryDelaysMs: [10, 10] });
	await world.product([{ sku: 'LAMP', amount: 4900, stock: 1000 }]);
});
afterAll(() => world.close());

const buy = async (more: object = {}, quantity = 1) => {
	const order = await world.order([{ sku: 'LAMP', quantity }], more);
	const { payment } = await world.checkout(order.id);
	await world.pay(payment.sessionRef);
	await world.settled();
	return { order: await world.get(`/api/v1/orders/${order.id}`), paymentId: payment.id };
};

describe('a checkout', () => {
	it('gives the page of the gateway, and the same one as long as it is open', async () => {
		const order = await world.order([{ sku: 'LAMP', quantity: 2 }]);
		const first = await world.checkout(order.id);
		const again = await world.checkout(order.number);
		expect(first.url).toMatch(/^http:\/\/sandbox\.test\/pay\/cs_/);
		expect(again.url).toBe(first.url);
		expect(again.payment).toMatchObject({ id: first.payment.id, status: 'open', amount: 9800 });
		expect(await world.get(`/api/v1/orders/${order.id}`)).toMatchObject({
			status: 'pending_payment',
		});
	});

	it('is one page for many who ask at once', async () => {
		for (let round = 0; round < 5; round++) {
			const order = await world.order([{ sku: 'LAMP' }]);
			const asked = Array.from({ length: 8 }, () => world.checkout(order.id));
			const pages = await Promise.all(asked);
			expect(new Set(pages.map(({ url }) => url)).size).toBe(1);
		}
	});

	it('asks the gateway for exactly the total, whatever it is made of', async () => {
		await world.call('POST', '/api/v1/coupons', {
			code: 'THIRD',
			kind: 'percent',
			basisPoints: 3333,
		});
		const order = await world.order([{ sku: 'LAMP', quantity: 3 }], { couponCode: 'THIRD' });
		const { payment } = await world.checkout(order.id);
		const session = await world.stripe.checkout.sessions.retrieve(payment.sessionRef);
		expect(session.amount_total).toBe(order.total);
		expect(order.discount).toBeGreaterThan(0);
	});

	it('is refused for an order that is over', async () => {
		const order = await world.order([{ sku: 'LAMP' }]);
		await world.call('POST', `/api/v1/orders/${order.id}/cancel`, {});
		const { status, body } = await world.call('POST', `/api/v1/orders/${order.id}/checkout`, {});
		expect([status, body.code]).toEqual([409, 'order_state']);
	});

	it('survives a gateway that loses its first answer: one session, one payment', async () => {
		const order = await world.order([{ sku: 'LAMP' }]);
		await world.control('POST', '/failures', { next: 5, status: 'reset', when: 'after' });
		const failed = await world.call('POST', `/api/v1/orders/${order.id}/checkout`, {});
		await world.control('POST', '/failures', { next: 0 });
		expect([failed.status, failed.body.code]).toEqual([502, 'gateway_unavailable']);
		const { payment } = await world.checkout(order.id);
		const sessions = await world.stripe.checkout.sessions.list({ limit: 100 });
		const ours = sessions.data.filter((one) => one.client_reference_id === order.id);
		expect(ours.map(({ id }) => id)).toEqual([payment.sessionRef]);
	});
});

describe('a payment', () => {
	it('pays the order, once, and is told with the order it is of', async () => {
		const { order, paymentId } = await buy({ campaignId: 'launch', clickId: 'click-1' });
		expect(order).toMatchObject({ status: 'paid', paymentStatus: 'paid', captured: 4900 });
		const payment = await world.get(`/api/v1/payments/${paymentId}`);
		expect(payment).toMatchObject({
			status: 'succeeded',
			captured: 4900,
			currency: 'EUR',
			order: { number: order.number, email: 'buyer@example.com', status: 'paid' },
		});
		expect(payment.paymentRef).toMatch(/^pi_/);
		expect(await world.told(order.id)).toEqual(['order.created', 'order.paid']);
		expect(await world.told(paymentId)).toEqual(['payment.succeeded']);
		const { data } = await world.get(`/api/v1/ledger/entries?orderId=${order.id}`);
		expect(
			Object.fromEntries(
				data.map((one: { account: string; amount: number }) => [one.account, one.amount]),
			),
		).toMatchObject({ gateway_clearing: 4900, revenue: -4900 });
	});

	it('that a declined card did not make leaves the page open for another one', async () => {
		const order = await world.order([{ sku: 'LAMP' }]);
		const { payment } = await world.checkout(order.id);
		await world.pay(payment.sessionRef, '4000000000000002').catch(() => undefined);
		await until(async () => (await world.told(payment.id)).includes('payment.failed'));
		await world.pay(payment.sessionRef);
		await world.settled();
		expect(await world.told(payment.id)).toEqual(['payment.failed', 'payment.succeeded']);
		expect(await world.get(`/api/v1/orders/${order.id}`)).toMatchObject({ status: 'paid' });
	});

	it('of nothing needs no gateway', async () => {
		await world.call('POST', '/api/v1/coupons', {
			code: 'FREE',
			kind: 'percent',
			basisPoints: 10000,
		});
		const order = await world.order([{ sku: 'LAMP' }], { couponCode: 'FREE' });
		const { payment, url } = await world.checkout(order.id);
		expect(payment).toMatchObject({ status: 'succeeded', gateway: 'none', captured: 0 });
		expect(url).toBe(order.orderUrl);
		expect(await world.get(`/api/v1/orders/${order.id}`)).toMatchObject({ status: 'paid' });
	});

	it('for a cancelled order goes back by itself', async () => {
		const order = await world.order([{ sku: 'LAMP' }]);
		const { payment } = await world.checkout(order.id);
		await world.call('POST', `/api/v1/orders/${order.id}/cancel`, {});
		await world.pay(payment.sessionRef);
		await world.settled();
		await world.sendRefunds();
		await world.settled();
		expect(await world.get(`/api/v1/payments/${payment.id}`)).toMatchObject({
			status: 'rejected',
			rejection: 'order_cancelled',
			refunded: 4900,
		});
		const { data } = await world.get(`/api/v1/refunds?paymentId=${payment.id}`);
		expect(data).toMatchObject([{ origin: 'automatic', status: 'succeeded', amount: 4900 }]);
		expect(await world.told(payment.id)).toEqual(['payment.rejected']);
	});

	it('that came too late and found nothing in stock goes back by itself', async () => {
		await world.product([{ sku: 'LAST', stock: 1 }]);
		const order = await world.order([{ sku: 'LAST' }]);
		const { payment } = await world.checkout(order.id);
		await world.db.query(
			`UPDATE orders SET expires_at = now() - interval '1 second' WHERE id = $1`,
			[order.id],
		);
		const { expireOrders } = await import('../src/orders/tasks.ts');
		await expireOrders(world.db);
		await world.order([{ sku: 'LAST' }]);
		await world.pay(payment.sessionRef);
		await world.settled();
		await world.sendRefunds();
		await world.settled();
		expect(await world.get(`/api/v1/orders/${order.id}`)).toMatchObject({ status: 'refunded' });
		expect(await world.get(`/api/v1/payments/${payment.id}`)).toMatchObject({
			rejection: 'stock_failed',
			refunded: 4900,
		});
	});

	it('by a second page for an order that is paid goes back by itself', async () => {
		const { order } = await buy();
		const session = await world.stripe.checkout.sessions.create({
			mode: 'payment',
			client_reference_id: order.id,
			line_items: [
				{
					quantity: 1,
					price_data: { currency: 'eur', unit_amount: 4900, product_data: { name: 'again' } },
				},
			],
			success_url: 'http://shop.test/',
		});
		await world.pay(session.id);
		await world.settled();
		await world.sendRefunds();
		await world.settled();
		const { data } = await world.get(`/api/v1/payments?orderId=${order.id}`);
		expect(
			data.map((one: { status: string; rejection: string; refunded: number }) => [
				one.status,
				one.rejection,
				one.refunded,
			]),
		).toEqual([
			['rejected', 'already_paid', 4900],
			['succeeded', null, 0],
		]);
	});

	it('of a wrong amount goes back by itself and leaves the order unpaid', async () => {
		const order = await world.order([{ sku: 'LAMP' }]);
		const session = await world.stripe.checkout.sessions.create({
			mode: 'payment',
			client_reference_id: order.id,
			line_items: [
				{
					quantity: 1,
					price_data: { currency: 'eur', unit_amount: 100, product_data: { name: 'cheap' } },
				},
			],
			success_url: 'http://shop.test/',
		});
		await world.pay(session.id);
		await world.settled();
		await world.sendRefunds();
		await world.settled();
		const { data } = await world.get(`/api/v1/payments?orderId=${order.id}`);
		expect(data).toMatchObject([{ status: 'rejected', rejection: 'wrong_amount', refunded: 100 }]);
		expect(await world.get(`/api/v1/orders/${order.id}`)).toMatchObject({ status: 'created' });
		expect((await world.balances())['unassigned_payments EUR']).toBe(0);
	});
});

describe('a refund', () => {
	it('of all gives everything back, revenue and tax with it', async () => {
		const { order, paymentId } = await buy();
		const { status, body } = await world.call('POST', '/api/v1/refunds', { orderId: order.id });
		expect([status, body.status, body.amount]).toEqual([202, 'requested', 4900]);
		await world.sendRefunds();
		await world.settled();
		expect(await world.get(`/api/v1/refunds/${body.id}`)).toMatchObject({ status: 'succeeded' });
		expect(await world.get(`/api/v1/payments/${paymentId}`)).toMatchObject({
			refunded: 4900,
			refundPending: 0,
		});
		expect(await world.get(`/api/v1/orders/${order.id}`)).toMatchObject({
			status: 'refunded',
			refunded: 4900,
		});
		expect(await world.told(body.id)).toEqual(['refund.created', 'refund.succeeded']);
	});

	it('never exceeds what was captured, however many ask at once', async () => {
		const { order, paymentId } = await buy();
		const answers = await Promise.all(
			Array.from({ length: 8 }, () =>
				world.call('POST', '/api/v1/refunds', { orderId: order.id, amount: 1000 }),
			),
		);
		expect(answers.map(({ status }) => status).sort()).toEqual([
			202, 202, 202, 202, 409, 409, 409, 409,
		]);
		await world.sendRefunds();
		await world.settled();
		expect(await world.get(`/api/v1/payments/${paymentId}`)).toMatchObject({ refunded: 4000 });
		expect(await world.get(`/api/v1/orders/${order.id}`)).toMatchObject({
			paymentStatus: 'partially_refunded',
		});
	});

	it('of a line costs what its units cost, each once', async () => {
		const { order } = await buy({}, 3);
		const [line] = order.lines;
		const lines = [{ lineId: line.id, quantity: 2 }];
		const first = await world.call('POST', '/api/v1/refunds', { orderId: order.id, lines });
		expect([first.status, first.body.amount]).toEqual([202, 9800]);
		const second = await world.call('POST', '/api/v1/refunds', { orderId: order.id, lines });
		expect([second.status, second.body.code]).toEqual([422, 'line_not_refundable']);
	});

	it('is asked for once, though the answer gets lost', async () => {
		const { order, paymentId } = await buy();
		const { body } = await world.call('POST', '/api/v1/refunds', {
			orderId: order.id,
			amount: 700,
		});
		await world.control('POST', '/failures', { next: 3, status: 'reset', when: 'after' });
		await world.sendRefunds();
		await world.control('POST', '/failures', { next: 0 });
		await world.db.query('UPDATE refunds SET next_attempt_at = now() WHERE id = $1', [body.id]);
		await world.sendRefunds();
		await world.settled();
		const payment = await world.get(`/api/v1/payments/${paymentId}`);
		expect(payment.refunded).toBe(700);
		const { data } = await world.stripe.refunds.list({ payment_intent: payment.paymentRef });
		expect(data.map(({ amount }) => amount)).toEqual([700]);
	});

	it('that somebody makes at the gateway is taken in', async () => {
		const { order, paymentId } = await buy();
		const { paymentRef } = await world.get(`/api/v1/payments/${paymentId}`);
		await world.stripe.refunds.create({ payment_intent: paymentRef, amount: 1200 });
		await world.settled();
		const { data } = await world.get(`/api/v1/refunds?orderId=${order.id}`);
		expect(data).toMatchObject([{ origin: 'gateway', status: 'succeeded', amount: 1200 }]);
		expect(await world.get(`/api/v1/orders/${order.id}`)).toMatchObject({ refunded: 1200 });
	});

	it('of an order that is not paid is refused', async () => {
		const order = await world.order([{ sku: 'LAMP' }]);
		const { status, body } = await world.call('POST', '/api/v1/refunds', { orderId: order.id });
		expect([status, body.code]).toEqual([409, 'nothing_to_refund']);
	});
});

describe('a dispute', () => {
	const dispute = async () => {
		const { order, paymentId } = await buy();
		const { paymentRef } = await world.get(`/api/v1/payments/${paymentId}`);
		const made = (await world.control('POST', '/disputes', { payment_intent: paymentRef })) as {
			id: string;
		};
		await world.settled();
		return { order, paymentId, ref: made.id };
	};

	it('that is won brings the money back', async () => {
		const before = await world.balances();
		const { order, paymentId, ref } = await dispute();
		expect(await world.get(`/api/v1/payments/${paymentId}`)).toMatchObject({ disputed: 4900 });
		expect(await world.get(`/api/v1/orders/${order.id}`)).toMatchObject({
			paymentStatus: 'disputed',
		});
		await world.control('POST', `/disputes/${ref}/close`, { status: 'won' });
		await world.settled();
		const { data } = await world.get(`/api/v1/disputes?orderId=${order.id}`);
		expect(data).toMatchObject([{ status: 'won', amount: 4900 }]);
		expect(await world.told(data[0].id)).toEqual(['dispute.opened', 'dispute.won']);
		expect((await world.balances())['disputes EUR']).toBe(before['disputes EUR'] ?? 0);
	});

	it('that is lost is a loss', async () => {
		const before = await world.balances();
		const { order, ref } = await dispute();
		await world.control('POST', `/disputes/${ref}/close`, { status: 'lost' });
		await world.settled();
		const { data } = await world.get(`/api/v1/disputes?orderId=${order.id}`);
		expect(data).toMatchObject([{ status: 'lost' }]);
		expect((await world.balances())['disputes EUR']).toBe((before['disputes EUR'] ?? 0) + 4900);
	});
});

describe('revenue', () => {
	it('is counted by campaign, product and day, refunds taken off', async () => {
		const { order } = await buy({ campaignId: 'spring', workflowId: 'launch' });
		await world.call('POST', '/api/v1/refunds', { orderId: order.id, amount: 900 });
		await world.sendRefunds();
		await world.settled();
		const expected = { orders: 1, revenue: 4900, refunds: 900, net: 4000 };
		const campaigns = await world.get('/api/v1/revenue?groupBy=campaign');
		expect(campaigns.data.find((row: { key: string }) => row.key === 'spring')).toMatchObject(
			expected,
		);
		const workflows = await world.get('/api/v1/revenue?groupBy=workflow');
		expect(workflows.data.find((row: { key: string }) => row.key === 'launch')).toMatchObject(
			expected,
		);
		const products = await world.get('/api/v1/revenue?groupBy=product');
		expect(products.data[0]).toMatchObject({ label: 'Product of LAMP', currency: 'EUR' });
		const days = await world.get('/api/v1/revenue?groupBy=day');
		// A night may have passed since the first of them was booked.
		const { rows: booked } = await world.db.query<{ day: string }>(
			`SELECT DISTINCT to_char(t.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day
			FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
			WHERE e.account IN ('revenue', 'tax_payable', 'refunds', 'disputes', 'fees') ORDER BY day`,
		);
		expect(days.data.map((row: { key: string }) => row.key)).toEqual(booked.map(({ day }) => day));
		expect([began, today()]).toEqual(expect.arrayContaining(booked.map(({ day }) => day)));
		expect(days.totals[0].revenue).toBe(
			products.data.reduce((sum: number, row: { revenue: number }) => sum + row.revenue, 0),
		);
	});
});

describe('the cancellation of a paid order', () => {
	it('gives its money back when it is told to', async () => {
		const { order, paymentId } = await buy();
		const without = await world.call('POST', `/api/v1/orders/${order.id}/cancel`, {});
		expect(without.status).toBe(409);
		const { status } = await world.call('POST', `/api/v1/orders/${order.id}/cancel`, {
			refund: true,
		});
		expect(status).toBe(200);
		await world.sendRefunds();
		await world.settled();
		expect(await world.get(`/api/v1/payments/${paymentId}`)).toMatchObject({ refunded: 4900 });
		expect(await world.get(`/api/v1/orders/${order.id}`)).toMatchObject({
			status: 'cancelled',
			paymentStatus: 'refunded',
		});
	});
});
