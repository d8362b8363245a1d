import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '@autopilot/postgres/testing';
import type { Gateway } from '../src/gateways/gateway.ts';
import { markExpired } from '../src/orders/orders.ts';
import { openCheckout } from '../src/payments/checkout.ts';
import { closePages } from '../src/payments/tasks.ts';
import { type MoneyWorld, startMoneyWorld } from './money-world.ts';

let world: MoneyWorld;
beforeAll(async () => {
	world = await startMoneyWorld();
	await world.product([
		{ sku: 'LAMP', amount: 4900, stock: 1000 },
		{ sku: 'CODE', amount: 900, delivery: 'digital' },
	]);
});
afterAll(() => world.close());

const orderOf = (id: string) => world.get(`/api/v1/orders/${id}`);
const paymentOf = async (orderId: string) =>
	(await world.get(`/api/v1/payments?orderId=${orderId}`)).data[0];

/** Orders whose payment has been told, and that nobody has worked off: two events each. */
async function paidOrders(wishes: { sku: string; email: string }[]) {
	const sold: { id: string; sessionRef: string }[] = [];
	for (const { sku, email } of wishes) {
		const { id } = await world.order([{ sku }], { email });
		const { payment } = await world.checkout(id);
		await world.pay(payment.sessionRef);
		sold.push({ id, sessionRef: payment.sessionRef });
	}
	await until(async () => {
		const { rows } = await world.db.query<{ complete: number }>(
			`SELECT count(*) AS complete FROM payments p WHERE p.order_id = ANY ($1) AND 2 <= (
				SELECT count(*) FROM gateway_events e WHERE e.state = 'pending' AND e.raw LIKE '%' || p.id || '%')`,
			[sold.map(({ id }) => id)],
		);
		return rows[0]?.complete === wishes.length;
	});
	return sold;
}

describe('payments that are worked off together', () => {
	it('each pay their order once, whatever is odd about one of them', async () => {
		const sold = await paidOrders([
			{ sku: 'LAMP', email: 'first@example.com' },
			{ sku: 'CODE', email: 'first@example.com' },
			{ sku: 'LAMP', email: 'Second@example.com' },
			{ sku: 'LAMP', email: 'third@example.com' },
		]);
		const [first, code, second, cancelled] = sold.map(({ id }) => id);
		await world.call('POST', `/api/v1/orders/${cancelled}/cancel`, {});
		const stop = await world.startWorker();
		await world.settled();
		await stop();

		for (const id of [first, code, second]) {
			expect(await orderOf(String(id))).toMatchObject({ status: 'paid', paymentStatus: 'paid' });
			expect(await world.told(String(id))).toEqual(['order.created', 'order.paid']);
			const payment = await paymentOf(String(id));
			// The session knows the intent, the intent its charge: the payment has the names of both.
			expect(payment).toMatchObject({ status: 'succeeded', failure: null });
			expect([payment.sessionRef, payment.paymentRef, payment.chargeRef]).toEqual([
				expect.stringMatching(/^cs_/),
				expect.stringMatching(/^pi_/),
				expect.stringMatching(/^ch_/),
			]);
			expect(await world.told(payment.id)).toEqual(['payment.succeeded']);
		}
		expect(await orderOf(String(cancelled))).toMatchObject({ status: 'cancelled' });
		expect(await paymentOf(String(cancelled))).toMatchObject({
			...{ status: 'rejected', rejection: 'order_cancelled' },
		});
		const { data: licenses } = await world.get(`/api/v1/licenses?orderId=${code}`);
		expect(licenses).toHaveLength(1);
		const { rows } = await world.db.query('SELECT * FROM stock_differences');
		expect(rows).toEqual([]);
		expect(await world.balances()).toMatchObject({ 'revenue EUR': -(2 * 4900 + 900) });
	});

	it('have a transaction each when the stock of one must be taken anew', async () => {
		const sold = await paidOrders(
			['late', 'one', 'two'].map((name) => ({ sku: 'LAMP', email: `${name}@example.com` })),
		);
		const ids = sold.map(({ id }) => id);
		await world.db.transaction((tx) => markExpired(tx, String(ids[0]), { correlationId: 'test' }));
		const stop = await world.startWorker();
		await world.settled();
		await stop();
		const { rows } = await world.db.query(
			`SELECT DISTINCT paid_at FROM orders WHERE id = ANY ($1) AND status = 'paid'`,
			[ids],
		);
		expect(rows).toHaveLength(ids.length);
		const { rows: differences } = await world.db.query('SELECT * FROM stock_differences');
		expect(differences).toEqual([]);
	});

	it('make one customer of a new e-mail, told once', async () => {
		const sold = await paidOrders([
			{ sku: 'LAMP', email: 'both@example.com' },
			{ sku: 'LAMP', email: 'BOTH@example.com' },
			{ sku: 'LAMP', email: 'other@example.com' },
		]);
		const stop = await world.startWorker();
		await world.settled();
		await stop();
		const buyers = await Promise.all(sold.map(async ({ id }) => (await orderOf(id)).customerId));
		expect(buyers[0]).toBe(buyers[1]);
		expect(buyers[2]).not.toBe(buyers[0]);
		for (const id of buyers) expect(await world.told(id)).toEqual(['customer.created']);
	});
});

describe('a pay page', () => {
	it('holds the stock until it closes', async () => {
		const { id } = await world.order([{ sku: 'LAMP' }]);
		await world.db.query(
			`UPDATE orders SET expires_at = now() + interval '1 minute' WHERE id = $1`,
			[id],
		);
		const page = await world.checkout(id);
		const after = await orderOf(id);
		expect(after).toMatchObject({ status: 'pending_payment', expiresAt: page.expiresAt });
		const { data } = await world.get(`/api/v1/orders/${id}/history`);
		expect(data.map((line: { kind: string }) => line.kind).sort()).toEqual([
			'created',
			'payment_pending',
		]);
	});

	it('of an order that is called off while it is asked for is closed at the gateway too', async () => {
		for (let round = 0; round < 6; round++) {
			const { id } = await world.order([{ sku: 'LAMP' }]);
			const [asked] = await Promise.all([
				world.call('POST', `/api/v1/orders/${id}/checkout`, {}),
				world.call('POST', `/api/v1/orders/${id}/cancel`, {}),
			]);
			expect([200, 409]).toContain(asked.status);
			expect(await orderOf(id)).toMatchObject({ status: 'cancelled' });
			await closePages(world.db, world.parts);
			const sessions = await world.stripe.checkout.sessions.list({ limit: 100 });
			const ours = sessions.data.filter((one) => one.client_reference_id === id);
			expect(ours.map(({ status }) => status).filter((status) => status !== 'expired')).toEqual([]);
		}
	});

	it('that was closed before the gateway had given it is given to nobody, and closed there', async () => {
		const { id } = await world.order([{ sku: 'LAMP' }]);
		const gateway = world.gateways.pick('stripe');
		const slow: Gateway = {
			...gateway,
			async createCheckout(request) {
				const session = await gateway.createCheckout(request);
				await world.call('POST', `/api/v1/orders/${id}/cancel`, {});
				await closePages(world.db, world.parts);
				return session;
			},
		};
		const gateways = { all: () => [slow], pick: () => slow };
		await expect(openCheckout({ ...world.parts, gateways }, id, {})).rejects.toMatchObject({
			code: 'order_state',
		});
		const { sessionRef, status } = await paymentOf(id);
		expect(status).toBe('expired');
		const session = await world.stripe.checkout.sessions.retrieve(sessionRef);
		expect(session.status).toBe('expired');
	});
});

describe('an order that costs nothing', () => {
	const free = () => world.order([{ sku: 'LAMP' }], { couponCode: 'ALL' });
	const pay = (id: string) => world.call('POST', `/api/v1/orders/${id}/checkout`, {});
	beforeAll(() =>
		world.call('POST', '/api/v1/coupons', { code: 'ALL', kind: 'percent', basisPoints: 10_000 }),
	);

	it('is paid once, however many ask at once', async () => {
		const { id } = await free();
		const answers = await Promise.all([pay(id), pay(id), pay(id)]);
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
		const { data } = await world.get(`/api/v1/payments?orderId=${id}`);
		expect(data).toMatchObject([{ status: 'succeeded', captured: 0 }]);
	});

	it('is paid although a page with its old price is still open', async () => {
		const { id } = await free();
		await world.db.query(
			`INSERT INTO payments (order_id, gateway, status, amount, currency, superseded_at, correlation_id)
			VALUES ($1, 'stripe', 'open', 500, 'EUR', now(), 'test')`,
			[id],
		);
		expect(await pay(id)).toMatchObject({
			status: 200,
			body: { payment: { status: 'succeeded' } },
		});
	});
});
