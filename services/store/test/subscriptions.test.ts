import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applySubscriptionChange } from '../src/subscriptions/effects.ts';
import { endGraces } from '../src/subscriptions/tasks.ts';
import { type MoneyWorld, startMoneyWorld } from './money-world.ts';
import { subscribersOf } from './subscribers.ts';

let world: MoneyWorld;
let plan: ReturnType<typeof subscribersOf>['plan'];
let subscribe: ReturnType<typeof subscribersOf>['subscribe'];
let advance: ReturnType<typeof subscribersOf>['advance'];
let licenseOf: ReturnType<typeof subscribersOf>['licenseOf'];
beforeAll(async () => {
	world = await startMoneyWorld();
	({ plan, subscribe, advance, licenseOf } = subscribersOf(world));
	await world.startWorker({ retryDelaysMs: [10, 10, 10, 10] });
	await world.control('PUT', '/dunning', { retryDays: [3, 5], end: 'past_due' });
});
afterAll(() => world.close());

const paidOf = async (orderId: string) => {
	const { data } = await world.get(`/api/v1/payments?orderId=${orderId}`);
	return data.map((one: { captured: number }) => one.captured);
};
const get = (id: string) => world.get(`/api/v1/subscriptions/${id}`);

describe('a subscription', () => {
	it('begins with its order: one payment, one invoice, one licence, a tier', async () => {
		const { id, orderId, order } = await subscribe();
		expect(await get(id)).toMatchObject({
			status: 'active',
			plan: { interval: 'month', tier: 'gold' },
			order: { status: 'paid' },
		});
		const payments = await world.get(`/api/v1/payments?orderId=${orderId}`);
		expect(payments.data).toMatchObject([{ kind: 'order', status: 'succeeded', captured: 1900 }]);
		const invoices = await world.get(`/api/v1/invoices?orderId=${orderId}`);
		expect(invoices.data).toMatchObject([{ status: 'paid', paid: 1900, subscriptionId: id }]);
		expect(await licenseOf(orderId)).toMatchObject({ status: 'active' });
		expect(await world.told(orderId)).toEqual(['order.created', 'order.paid']);
		expect(await world.told(id)).toEqual(['subscription.created']);
		const { customerId } = await world.get(`/api/v1/orders/${order.id}`);
		expect(await world.get(`/api/v1/customers/${customerId}/membership`)).toMatchObject({
			tier: 'gold',
			subscriptionId: id,
		});
		const portal = await world.call('POST', `/api/v1/customers/${customerId}/portal`, {});
		expect([portal.status, portal.body.url]).toEqual([200, expect.stringMatching(/^http/)]);
	});

	it('has its first invoice, also when that is told before it', async () => {
		const order = await world.order([{ sku: await plan() }]);
		const { payment } = await world.checkout(order.id);
		await world.control('PUT', '/webhooks', { hold: true });
		await world.pay(payment.sessionRef);
		const { data } = await world.stripe.events.list({ type: 'invoice.paid', limit: 1 });
		await world.control('POST', `/events/${data[0]?.id}/resend`);
		await world.settled();
		const invoices = async () => (await world.get(`/api/v1/invoices?orderId=${order.id}`)).data;
		expect(await invoices()).toMatchObject([{ status: 'paid', subscriptionId: null }]);
		await world.control('PUT', '/webhooks', {});
		await world.control('POST', '/webhooks/release');
		await world.settled();
		const { data: begun } = await world.get(`/api/v1/subscriptions?orderId=${order.id}`);
		expect(await invoices()).toMatchObject([{ status: 'paid', subscriptionId: begun[0].id }]);
	});

	it('is renewed: a payment and a booking for each period, and the licence runs on', async () => {
		const member = await subscribe();
		const { id, orderId, currentPeriodEnd } = member;
		const before = await licenseOf(orderId);
		await advance(member, 32);
		const after = await get(id);
		expect(Date.parse(after.currentPeriodEnd)).toBeGreaterThan(Date.parse(currentPeriodEnd));
		const { data } = await world.get(`/api/v1/payments?orderId=${orderId}`);
		expect(data.map((one: { kind: string; captured: number }) => [one.kind, one.captured])).toEqual(
			[
				['renewal', 1900],
				['order', 1900],
			],
		);
		expect(data[0].paymentRef).toMatch(/^pi_/);
		expect(await world.told(id)).toEqual(['subscription.created', 'subscription.renewed']);
		expect(await world.told(orderId)).toEqual(['order.created', 'order.paid']);
		const license = await licenseOf(orderId);
		expect(license?.expires_at?.getTime()).toBeGreaterThan(before?.expires_at?.getTime() ?? 0);
		await world.balances();
	});

	it('takes its coupon off the first payment only', async () => {
		await world.call('POST', '/api/v1/coupons', {
			...{ code: 'WELCOME', kind: 'fixed', amount: { amount: 900, currency: 'EUR' } },
		});
		const member = await subscribe({}, { couponCode: 'WELCOME' });
		const { orderId } = member;
		await advance(member, 32);
		const { data } = await world.get(`/api/v1/payments?orderId=${orderId}`);
		expect(data.map((one: { captured: number }) => one.captured)).toEqual([1900, 1000]);
	});

	it('takes a coupon of duration forever off every payment', async () => {
		const { status, body } = await world.call('POST', '/api/v1/coupons', {
			...{ code: 'LOYAL', kind: 'percent', basisPoints: 1000, duration: 'forever' },
		});
		expect([status, body.duration]).toEqual([201, 'forever']);
		const member = await subscribe({}, { couponCode: 'LOYAL' });
		await advance(member, 32);
		await advance(member, 31);
		expect(await paidOf(member.orderId)).toEqual([1710, 1710, 1710]);
	});

	it('takes a coupon of duration forever off what a trial costs afterwards', async () => {
		const member = await subscribe({ trialDays: 14 }, { couponCode: 'LOYAL' });
		await advance(member, 15);
		await advance(member, 31);
		expect(await paidOf(member.orderId)).toEqual([1710, 1710, 0]);
		expect(await get(member.id)).toMatchObject({ status: 'active' });
	});

	it('is refused with a trial and a coupon that the trial would use up', async () => {
		const sku = await plan({ trialDays: 14 });
		const lines = [{ sku }];
		const email = 'ann@example.com';
		const once = await world.call('POST', '/api/v1/orders', {
			email,
			lines,
			couponCode: 'WELCOME',
		});
		expect([once.status, once.body.code]).toEqual([422, 'coupon_not_for_trial']);
		expect(once.body.detail).toContain('duration is forever');
		await world.product([{ sku: 'MUG', amount: 500, stock: 5 }]);
		const mixed = [...lines, { sku: 'MUG' }];
		const both = await world.call('POST', '/api/v1/orders', {
			...{ email, lines: mixed, couponCode: 'LOYAL' },
		});
		expect([both.status, both.body.code]).toEqual([422, 'coupon_not_for_trial']);
		const { data } = await world.get('/api/v1/coupons?code=WELCOME');
		expect(data[0].redeemed).toBe(1);
	});

	it('is refused at checkout when its plan has got a trial since it was ordered', async () => {
		const sku = await plan();
		const order = await world.order([{ sku }], { couponCode: 'WELCOME' });
		const { data } = await world.get('/api/v1/plans?limit=1');
		await world.call('PATCH', `/api/v1/plans/${data[0].id}`, { trialDays: 7 });
		const { status, body } = await world.call('POST', `/api/v1/orders/${order.id}/checkout`, {});
		expect([status, body.code]).toEqual([422, 'coupon_not_for_trial']);
	});

	it('costs the tax of the full price once its coupon is used up', async () => {
		await world.call('POST', '/api/v1/tax-rates', {
			...{ name: 'VAT', country: 'DE', basisPoints: 2000 },
		});
		const billingAddress = {
			name: 'Ann',
			line1: 'Way 1',
			city: 'Bonn',
			postalCode: '53111',
			country: 'DE',
		};
		const once = await subscribe({}, { couponCode: 'WELCOME', billingAddress });
		await advance(once, 32);
		expect(await paidOf(once.orderId)).toEqual([2280, 1200]);
		const every = await subscribe({}, { couponCode: 'LOYAL', billingAddress });
		await advance(every, 32);
		expect(await paidOf(every.orderId)).toEqual([2052, 2052]);
		await world.balances();
	});

	it('with a trial is paid with nothing at first, and for the first time when the trial ends', async () => {
		const member = await subscribe({ trialDays: 14 });
		const { id, orderId } = member;
		expect(await get(id)).toMatchObject({ status: 'trialing', order: { status: 'paid' } });
		expect(await licenseOf(orderId)).toMatchObject({ status: 'active' });
		await advance(member, 15);
		expect(await get(id)).toMatchObject({ status: 'active' });
		const { data } = await world.get(`/api/v1/payments?orderId=${orderId}`);
		expect(data.map((one: { captured: number }) => one.captured)).toEqual([1900, 0]);
	});
});

describe('a subscription that is not paid', () => {
	it('has its grace, then is unpaid, and active again once a new card pays', async () => {
		// Pays the first time, and is declined from then on.
		const member = await subscribe({}, { card: '4000000000000341' });
		const { id, orderId, subscriptionRef } = member;
		await advance(member, 32);
		const late = await get(id);
		expect(late.status).toBe('past_due');
		expect(late.graceUntil).not.toBeNull();
		expect(await licenseOf(orderId)).toMatchObject({ status: 'active' });
		await world.db.query(`UPDATE subscriptions SET grace_until = now() WHERE id = $1`, [id]);
		await endGraces(world.db);
		expect(await get(id)).toMatchObject({ status: 'unpaid' });
		expect(await licenseOf(orderId)).toMatchObject({ status: 'suspended' });
		expect(await world.told(id)).toEqual([
			'subscription.created',
			'subscription.past_due',
			'subscription.unpaid',
		]);
		const { data } = await world.get(`/api/v1/payments?orderId=${orderId}&status=failed`);
		expect(data).toMatchObject([{ kind: 'renewal', failure: { code: 'renewal_failed' } }]);

		const { customerId } = await world.get(`/api/v1/orders/${orderId}`);
		const portal = await world.call('POST', `/api/v1/customers/${customerId}/portal`, {});
		await fetch(world.sandboxUrl + new URL(portal.body.url).pathname, {
			method: 'POST',
			body: new URLSearchParams({
				...{ subscription: subscriptionRef, action: 'card', number: '4242 4242 4242 4242' },
			}),
			redirect: 'manual',
		});
		await world.settled();
		expect(await get(id)).toMatchObject({ status: 'active', graceUntil: null });
		expect(await licenseOf(orderId)).toMatchObject({ status: 'active' });
	});
});

describe('the commands of a subscription', () => {
	it('cancel at the end of the period, take it back, and cancel at once', async () => {
		const { id, orderId } = await subscribe();
		const path = `/api/v1/subscriptions/${id}`;
		const ending = await world.call('POST', `${path}/cancel`, {});
		expect(ending.body).toMatchObject({ status: 'active', cancelAtPeriodEnd: true });
		const back = await world.call('POST', `${path}/resume`);
		expect(back.body).toMatchObject({ status: 'active', cancelAtPeriodEnd: false });
		const over = await world.call('POST', `${path}/cancel`, { atPeriodEnd: false });
		expect(over.body).toMatchObject({ status: 'cancelled' });
		await world.settled();
		expect(await world.told(id)).toEqual([
			'subscription.created',
			'subscription.cancelled',
			'subscription.resumed',
			'subscription.cancelled',
			'subscription.ended',
		]);
		expect((await world.call('POST', `${path}/cancel`, {})).status).toBe(200);
		expect((await world.call('POST', `${path}/pause`)).body.code).toBe('subscription_ended');
		expect((await licenseOf(orderId))?.status).not.toBe('active');
	});

	const word = (
		{ subscriptionRef, orderId }: { subscriptionRef: string; orderId: string },
		status: 'active' | 'paused' | 'cancelled',
	) => ({
		...{ kind: 'subscription_changed' as const, subscriptionRef, orderId, status },
		...{ customerRef: undefined, cancelAtPeriodEnd: false, cancelledAt: undefined },
		...{ currentPeriodStart: undefined, currentPeriodEnd: undefined, trialEndsAt: undefined },
		endedAt: undefined,
	});
	const apply = (change: ReturnType<typeof word>, at: Date, fetched: boolean) =>
		world.db.transaction((tx) =>
			applySubscriptionChange(tx, change, { gateway: 'stripe', at, eventId: 'evt_x', fetched }),
		);

	it('are not undone by a state that was asked for before them and applied after', async () => {
		const member = await subscribe();
		const asked = new Date();
		await world.call('POST', `/api/v1/subscriptions/${member.id}/cancel`, { atPeriodEnd: false });
		await apply(word(member, 'active'), asked, true);
		expect(await get(member.id)).toMatchObject({ status: 'cancelled' });
	});

	it('are not undone either when their event was there before their answer', async () => {
		const member = await subscribe();
		const [asked, answered] = [new Date(Date.now() + 1000), new Date(Date.now() + 2000)];
		await apply(word(member, 'paused'), new Date(Date.now() + 3000), false);
		await apply(word(member, 'paused'), answered, true);
		await apply(word(member, 'active'), asked, true);
		expect(await get(member.id)).toMatchObject({ status: 'paused' });
	});

	it('are not undone by an event from before the last word, which said nothing new', async () => {
		const member = await subscribe();
		await apply(word(member, 'active'), new Date(Date.now() + 10_000), false);
		await apply(word(member, 'paused'), new Date(Date.now() + 5000), false);
		expect(await get(member.id)).toMatchObject({ status: 'active' });
	});

	it('pause and resume', async () => {
		const { id, orderId } = await subscribe();
		const path = `/api/v1/subscriptions/${id}`;
		expect((await world.call('POST', `${path}/pause`)).body).toMatchObject({ status: 'paused' });
		expect(await licenseOf(orderId)).toMatchObject({ status: 'suspended' });
		expect((await world.call('POST', `${path}/resume`)).body).toMatchObject({ status: 'active' });
		expect(await licenseOf(orderId)).toMatchObject({ status: 'active' });
		await world.settled();
		expect(await world.told(id)).toEqual([
			'subscription.created',
			'subscription.paused',
			'subscription.resumed',
		]);
	});

	it('let it run out when it was cancelled', async () => {
		const member = await subscribe();
		const { id, orderId } = member;
		await world.call('POST', `/api/v1/subscriptions/${id}/cancel`, {});
		expect(await licenseOf(orderId)).toMatchObject({ status: 'active' });
		await advance(member, 32);
		expect(await get(id)).toMatchObject({ status: 'cancelled' });
		const { data } = await world.get(`/api/v1/payments?orderId=${orderId}`);
		expect(data.length).toBe(1);
	});
});

describe('events of a subscription in reverse order', () => {
	it('lead to the state that the gateway has', async () => {
		await world.control('PUT', '/webhooks', { hold: true });
		const sku = 'PLAN-REVERSED';
		const product = await world.product([{ sku, amount: 1900, delivery: 'digital' }]);
		await world.call('POST', '/api/v1/plans', {
			variantId: product.variants[0].id,
			interval: 'month',
		});
		const order = await world.order([{ sku }]);
		const { payment } = await world.checkout(order.id);
		await world.pay(payment.sessionRef);
		const session = await world.stripe.checkout.sessions.retrieve(payment.sessionRef);
		await world.stripe.subscriptions.update(String(session.subscription), {
			cancel_at_period_end: true,
		});
		await world.stripe.subscriptions.cancel(String(session.subscription));
		await world.control('POST', '/webhooks/release', { order: 'reverse', copies: 1 });
		await world.control('PUT', '/webhooks', {});
		await world.settled();
		const { data } = await world.get(`/api/v1/subscriptions?orderId=${order.id}`);
		expect(data).toMatchObject([{ status: 'cancelled' }]);
		expect(await world.get(`/api/v1/orders/${order.id}`)).toMatchObject({ status: 'paid' });
		expect(await world.get(`/api/v1/payments?orderId=${order.id}`)).toMatchObject({
			data: [{ status: 'succeeded', captured: 1900 }],
		});
		expect(
			(await world.told(data[0].id)).filter((type) => type === 'subscription.ended').length,
		).toBe(1);
		expect(await world.told(order.id)).toEqual(['order.created', 'order.paid']);
	});
});

describe('plans', () => {
	it('are one for a variant, changed and deleted', async () => {
		const product = await world.product([{ sku: 'PLANNED' }]);
		const variantId = product.variants[0].id;
		const made = await world.call('POST', '/api/v1/plans', { variantId, interval: 'year' });
		expect(made.body).toMatchObject({ name: 'PLANNED', sku: 'PLANNED', trialDays: 0, tier: null });
		const twice = await world.call('POST', '/api/v1/plans', { variantId, interval: 'year' });
		expect([twice.status, twice.body.code]).toEqual([422, 'plan_exists']);
		const path = `/api/v1/plans/${made.body.id}`;
		const changed = await world.call('PATCH', path, { tier: 'silver', graceDays: 3 });
		expect(changed.body).toMatchObject({ tier: 'silver', graceDays: 3, interval: 'year' });
		expect((await world.call('PATCH', path, { tier: null })).body.tier).toBeNull();
		expect((await world.call('DELETE', path)).status).toBe(204);
		expect((await world.call('GET', path)).status).toBe(404);
	});
});
