import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type MoneyWorld, startMoneyWorld } from './money-world.ts';
import { subscribersOf } from './subscribers.ts';

let world: MoneyWorld;
let buyers: ReturnType<typeof subscribersOf>;
beforeAll(async () => {
	world = await startMoneyWorld();
	buyers = subscribersOf(world);
	await world.startWorker({ retryDelaysMs: [10, 10, 10, 10] });
	await world.product([{ sku: 'BOOK', amount: 1000, stock: 100 }]);
});
afterAll(() => world.close());

const get = (id: string) => world.get(`/api/v1/subscriptions/${id}`);
const atGateway = async (ref: string) => (await world.stripe.subscriptions.retrieve(ref)).status;
const refund = async (orderId: string, amount?: number) => {
	const { status } = await world.call('POST', '/api/v1/refunds', { orderId, amount });
	expect(status).toBe(202);
	await world.sendRefunds();
	await world.settled();
};
const end = async () => {
	await world.endSubscriptions();
	await world.settled();
};
/** What has waited for its next turn is due now. */
const due = () =>
	world.db.query(
		'UPDATE subscription_cancellations SET next_attempt_at = now() WHERE done_at IS NULL',
	);
const ends = async (ref: string) => {
	const { data } = await world.stripe.events.list({
		limit: 100,
		type: 'customer.subscription.deleted',
	});
	return data.filter(({ data: { object } }) => 'id' in object && object.id === ref).length;
};

describe('a subscription whose order is refunded', () => {
	it('in full is ended at the gateway at once: no further period is paid', async () => {
		const member = await buyers.subscribe();
		await refund(member.orderId);
		expect(await get(member.id)).toMatchObject({
			status: 'active',
			cancellation: { reason: 'order_refunded', failure: null },
		});
		await end();
		expect(await get(member.id)).toMatchObject({ status: 'cancelled' });
		expect(await atGateway(member.subscriptionRef)).toBe('canceled');
		expect(await buyers.licenseOf(member.orderId)).toMatchObject({
			status: 'revoked',
			status_reason: 'refunded',
		});
		await due();
		await end();
		await buyers.advance(member, 40);
		const { data } = await world.get(`/api/v1/payments?orderId=${member.orderId}`);
		expect(data.length).toBe(1);
		expect(await world.told(member.id)).toEqual([
			'subscription.created',
			'subscription.cancelled',
			'subscription.ended',
		]);
		await world.balances();
	});

	it('in part goes on, until the rest is refunded too', async () => {
		const member = await buyers.subscribe();
		await refund(member.orderId, 1000);
		await end();
		expect(await get(member.id)).toMatchObject({ status: 'active', cancellation: null });
		expect(await atGateway(member.subscriptionRef)).toBe('active');
		await refund(member.orderId);
		await end();
		expect(await get(member.id)).toMatchObject({ status: 'cancelled' });
	});

	it('is ended though the worker is killed between the answer and its note of it', async () => {
		const member = await buyers.subscribe();
		await refund(member.orderId);
		const child = spawn(
			process.execPath,
			[fileURLToPath(new URL('cancel-process.ts', import.meta.url))],
			{
				stdio: 'ignore',
				env: {
					...{ PORT: '0', PUBLIC_URL: world.config.PUBLIC_URL, REDIS_URL: world.config.REDIS_URL },
					...{
						DATABASE_URL: world.config.DATABASE_URL,
						SIGNING_SECRET: world.config.SIGNING_SECRET,
					},
					...{ STRIPE_SECRET_KEY: 'sk_test_sandbox', STRIPE_API_URL: world.sandboxUrl },
				},
			},
		);
		const [, signal] = await once(child, 'exit');
		expect(signal).toBe('SIGKILL');
		expect(await atGateway(member.subscriptionRef)).toBe('canceled');
		const { rows } = await world.db.query(
			'SELECT FROM subscription_cancellations WHERE order_id = $1 AND done_at IS NULL',
			[member.orderId],
		);
		expect(rows.length).toBe(1);
		await due();
		await end();
		expect(await get(member.id)).toMatchObject({
			status: 'cancelled',
			cancellation: { failure: null },
		});
		expect(await ends(member.subscriptionRef)).toBe(1);
		const told = await world.told(member.id);
		expect(told.filter((type) => type === 'subscription.ended').length).toBe(1);
	});

	it('is asked for again when the gateway does not answer, and says why it runs still', async () => {
		const member = await buyers.subscribe();
		await refund(member.orderId);
		await world.control('POST', '/failures', { next: 5, status: 'reset', when: 'before' });
		await world.endSubscriptions();
		await world.control('POST', '/failures', { next: 0 });
		const waiting = await get(member.id);
		expect(waiting.status).toBe('active');
		expect(waiting.cancellation.failure).toMatch(/connection/i);
		await due();
		await end();
		expect(await get(member.id)).toMatchObject({
			status: 'cancelled',
			cancellation: { failure: null },
		});
	});
});

describe('a subscription whose order is cancelled', () => {
	it('ends, though its trial has cost nothing', async () => {
		const member = await buyers.subscribe({ trialDays: 14 });
		const { status } = await world.call('POST', `/api/v1/orders/${member.orderId}/cancel`, {});
		expect(status).toBe(200);
		await end();
		expect(await get(member.id)).toMatchObject({
			status: 'cancelled',
			cancellation: { reason: 'order_cancelled' },
		});
		await buyers.advance(member, 20);
		const { data } = await world.get(`/api/v1/payments?orderId=${member.orderId}`);
		expect(data.map((one: { captured: number }) => one.captured)).toEqual([0]);
	});

	it('while its pay page is open ends as soon as somebody begins it there', async () => {
		const sku = await buyers.plan();
		const order = await world.order([{ sku }]);
		const { payment } = await world.checkout(order.id);
		await world.call('POST', `/api/v1/orders/${order.id}/cancel`, {});
		await end();
		await world.pay(payment.sessionRef);
		await world.settled();
		await world.sendRefunds();
		await due();
		await end();
		const session = await world.stripe.checkout.sessions.retrieve(payment.sessionRef);
		expect(await atGateway(String(session.subscription))).toBe('canceled');
		expect(await world.get(`/api/v1/payments/${payment.id}`)).toMatchObject({
			...{ status: 'rejected', rejection: 'order_cancelled', refunded: 1900 },
		});
	});

	it('leaves those of other orders alone', async () => {
		const other = await buyers.subscribe();
		const order = await world.order([{ sku: 'BOOK' }]);
		await world.call('POST', `/api/v1/orders/${order.id}/cancel`, {});
		await due();
		await end();
		expect(await get(other.id)).toMatchObject({ status: 'active', cancellation: null });
		const { rows } = await world.db.query(
			'SELECT FROM subscription_cancellations WHERE order_id = $1',
			[order.id],
		);
		expect(rows).toEqual([]);
	});
});
