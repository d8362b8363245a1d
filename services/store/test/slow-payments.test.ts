import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expireOrders, tellAbandoned } from '../src/orders/tasks.ts';
import { type MoneyWorld, startMoneyWorld } from './money-world.ts';

const PAYS = 'AT611904300234573201';
const REFUSES = 'AT981904300002222227';

let world: MoneyWorld;
beforeAll(async () => {
	world = await startMoneyWorld();
	await world.startWorker({ retryDelaysMs: [10, 10] });
	await world.product([{ sku: 'LAMP', amount: 4900, stock: 1000 }]);
	// Each bank answers when a test says so.
	await world.control('PUT', '/debits', { hold: true });
});
afterAll(() => world.close());

const debit = (sessionRef: string, iban = PAYS) =>
	world.control('POST', `/sessions/${sessionRef}/pay`, { iban, email: 'buyer@example.com' });
const intentOf = async (sessionRef: string) =>
	String((await world.stripe.checkout.sessions.retrieve(sessionRef)).payment_intent);
const answer = async (sessionRef: string) => {
	await world.control('POST', `/debits/${await intentOf(sessionRef)}/answer`);
	await world.settled();
};
const orderNow = (id: string) => world.get(`/api/v1/orders/${id}`);
const paymentNow = (id: string) => world.get(`/api/v1/payments/${id}`);
/** An order whose buyer has done their part, and whose money a bank has yet to send. */
const underWay = async (iban = PAYS, sku = 'LAMP') => {
	const order = await world.order([{ sku }]);
	const { payment } = await world.checkout(order.id);
	await debit(payment.sessionRef, iban);
	await world.settled();
	return { order, payment };
};
const page = async (order: { orderUrl: string }, query = '') => {
	const url = new URL(order.orderUrl).pathname + query;
	const { body } = await world.app.inject({ method: 'GET', url });
	return body;
};
const daysUntil = (time: string) => (Date.parse(time) - Date.now()) / 86_400_000;
/** As if an order had been made long ago, when its stock was held for half an hour. */
const age = (id: string) =>
	world.db.query(
		`UPDATE orders SET expires_at = now() - interval '1 second', created_at = now() - interval '2 hours'
		WHERE id = $1`,
		[id],
	);

describe('an order whose money is under way', () => {
	it('waits for it as long as a bank may take, and its stock with it', async () => {
		await world.product([{ sku: 'ONLY', stock: 1 }]);
		const order = await world.order([{ sku: 'ONLY' }]);
		const { payment } = await world.checkout(order.id);
		await age(order.id);
		await debit(payment.sessionRef);
		await world.settled();
		await expireOrders(world.db);

		const waiting = await orderNow(order.id);
		expect(waiting).toMatchObject({ status: 'pending_payment', captured: 0, paidAt: null });
		// 14 banking days are the longest that a debit takes.
		expect(daysUntil(waiting.expiresAt)).toBeGreaterThan(20);
		expect(await paymentNow(payment.id)).toMatchObject({ status: 'pending', captured: 0 });
		const other = await world.call('POST', '/api/v1/orders', {
			email: 'other@example.com',
			lines: [{ sku: 'ONLY', quantity: 1 }],
		});
		expect(other.status).toBe(409);

		await answer(payment.sessionRef);
		expect(await orderNow(order.id)).toMatchObject({
			...{ status: 'paid', paymentStatus: 'paid', captured: 4900 },
		});
	});

	it('is paid once when it comes', async () => {
		const { order, payment } = await underWay();
		await answer(payment.sessionRef);
		expect(await world.told(order.id)).toEqual(['order.created', 'order.paid']);
		expect(await world.told(payment.id)).toEqual(['payment.succeeded']);
		const { data } = await world.get(`/api/v1/ledger/entries?orderId=${order.id}`);
		const cleared = data.filter((one: { account: string }) => one.account === 'gateway_clearing');
		expect(cleared.map((one: { amount: number }) => one.amount)).toEqual([4900]);
		await world.balances();
	});

	it('gives no second page, and nobody is reminded to pay', async () => {
		const { order } = await underWay();
		const { status, body } = await world.call('POST', `/api/v1/orders/${order.id}/checkout`, {});
		expect([status, body.code]).toEqual([409, 'payment_pending']);
		const path = new URL(order.orderUrl).pathname;
		const pay = await world.app.inject({ method: 'GET', url: `${path}/pay` });
		expect([pay.statusCode, pay.headers.location]).toEqual([303, order.orderUrl]);

		await world.db.query(`UPDATE orders SET abandoned_at = now() WHERE id <> $1`, [order.id]);
		await age(order.id);
		await tellAbandoned(world.db, { abandonedAfterSeconds: 3600 });
		expect(await world.told(order.id)).toEqual(['order.created']);
	});

	it('tells its buyer so, in plain words, and looks again by itself', async () => {
		const { order, payment } = await underWay();
		const waiting = await page(order, '?back=paid');
		expect(waiting).toContain('Your bank is sending the money');
		expect(waiting).toMatch(/http-equiv="refresh" content="\d+;url=[^"]+back=paid/);
		expect(waiting).not.toContain('Pay €49.00');
		expect(await page(order)).toContain('Your bank is sending the money');
		await answer(payment.sessionRef);
		expect(await page(order)).toContain('Thank you, it is paid');
	});
});

describe('a bank that does not pay', () => {
	it('leaves the order to be paid in another way, with time to do so', async () => {
		const { order, payment } = await underWay(REFUSES);
		await answer(payment.sessionRef);
		const failed = await orderNow(order.id);
		expect(failed).toMatchObject({ status: 'created', paymentStatus: 'unpaid' });
		expect(daysUntil(failed.expiresAt)).toBeGreaterThan(0.9);
		expect(daysUntil(failed.expiresAt)).toBeLessThan(1.1);
		expect(await paymentNow(payment.id)).toMatchObject({
			status: 'failed',
			failure: { message: expect.stringContaining('not enough money') },
		});
		// Told once, though the intent and the session both tell of it.
		expect(await world.told(order.id)).toEqual(['order.created', 'order.payment_failed']);
		expect(await world.told(payment.id)).toEqual(['payment.failed']);
		const shown = await page(order);
		expect(shown).toContain('Your bank did not pay');
		expect(shown).toContain('Pay €49.00');

		const { payment: second } = await world.checkout(order.id);
		expect(second.id).not.toBe(payment.id);
		await world.pay(second.sessionRef);
		await world.settled();
		expect(await orderNow(order.id)).toMatchObject({ status: 'paid', captured: 4900 });
		expect(await page(order)).not.toContain('did not pay');
		expect(await world.told(order.id)).toEqual([
			...['order.created', 'order.payment_failed', 'order.paid'],
		]);
	});

	it('changes nothing of an order that was cancelled meanwhile', async () => {
		const { order, payment } = await underWay(REFUSES);
		await world.call('POST', `/api/v1/orders/${order.id}/cancel`, {});
		await answer(payment.sessionRef);
		expect(await orderNow(order.id)).toMatchObject({ status: 'cancelled', captured: 0 });
		expect(await paymentNow(payment.id)).toMatchObject({ status: 'failed' });
		expect(await world.told(order.id)).toEqual(['order.created', 'order.cancelled']);
	});

	it('is not a card that was declined before, told of late', async () => {
		await world.control('PUT', '/webhooks', { hold: true });
		const order = await world.order([{ sku: 'LAMP' }]);
		const { payment } = await world.checkout(order.id);
		await world.pay(payment.sessionRef, '4000000000000002').catch(() => undefined);
		await debit(payment.sessionRef);
		await world.control('PUT', '/webhooks', {});
		await world.control('POST', '/webhooks/release', { order: 'reverse' });
		await world.settled();
		expect(await orderNow(order.id)).toMatchObject({ status: 'pending_payment' });
		expect(await paymentNow(payment.id)).toMatchObject({ status: 'pending' });
		await answer(payment.sessionRef);
		expect(await orderNow(order.id)).toMatchObject({ status: 'paid', captured: 4900 });
	});
});

describe('money that comes after the order was cancelled', () => {
	it('goes back by itself, and the buyer is told that it will', async () => {
		const { order, payment } = await underWay();
		await world.call('POST', `/api/v1/orders/${order.id}/cancel`, {});
		expect(await page(order)).toContain('it goes back to you by itself');
		await answer(payment.sessionRef);
		await world.sendRefunds();
		await world.settled();
		expect(await paymentNow(payment.id)).toMatchObject({
			...{ status: 'rejected', rejection: 'order_cancelled', captured: 4900, refunded: 4900 },
		});
		const { data } = await world.get(`/api/v1/refunds?paymentId=${payment.id}`);
		expect(data).toMatchObject([{ origin: 'automatic', status: 'succeeded', amount: 4900 }]);
		expect(await orderNow(order.id)).toMatchObject({ status: 'cancelled' });
		expect(await world.told(payment.id)).toEqual(['payment.rejected']);
		await world.balances();
	});
});

describe('the events of a debit', () => {
	const disturbed = async (iban: string, release: object) => {
		await world.control('PUT', '/webhooks', { hold: true });
		const order = await world.order([{ sku: 'LAMP' }]);
		const { payment } = await world.checkout(order.id);
		await debit(payment.sessionRef, iban);
		await world.control('POST', `/debits/${await intentOf(payment.sessionRef)}/answer`);
		await world.control('PUT', '/webhooks', {});
		await world.control('POST', '/webhooks/release', release);
		await world.settled();
		return { order, payment };
	};

	it.each([
		['twice', { order: 'sent', copies: 1 }],
		['twice and reversed', { order: 'reverse', copies: 1 }],
		['twice and at random', { order: 'shuffle', copies: 1 }],
	])('pay the order once when they come %s', async (_how, release) => {
		const { order, payment } = await disturbed(PAYS, release);
		expect(await orderNow(order.id)).toMatchObject({ status: 'paid', captured: 4900 });
		expect(await paymentNow(payment.id)).toMatchObject({ status: 'succeeded', captured: 4900 });
		expect(await world.told(order.id)).toEqual(['order.created', 'order.paid']);
		await world.balances();
	});

	it.each([
		['twice', { order: 'sent', copies: 1 }],
		['twice and reversed', { order: 'reverse', copies: 1 }],
		['twice and at random', { order: 'shuffle', copies: 1 }],
	])('tell a failure once when they come %s', async (_how, release) => {
		const { order, payment } = await disturbed(REFUSES, release);
		expect(await orderNow(order.id)).toMatchObject({ status: 'created', paymentStatus: 'unpaid' });
		expect(await paymentNow(payment.id)).toMatchObject({ status: 'failed', captured: 0 });
		expect(await world.told(order.id)).toEqual(['order.created', 'order.payment_failed']);
		expect(await world.told(payment.id)).toEqual(['payment.failed']);
		// And it can be paid: nothing of the first page holds it.
		const { payment: second } = await world.checkout(order.id);
		await world.pay(second.sessionRef);
		await world.settled();
		expect(await orderNow(order.id)).toMatchObject({ status: 'paid' });
	});
});
