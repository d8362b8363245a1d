import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type SandboxUnderTest, startSandbox } from './sandbox.ts';

const DAY = 86_400;
const START = Date.UTC(2027, 0, 31, 12) / 1000;

let sandbox: SandboxUnderTest;
let clock: string;
let price: string;
beforeAll(async () => {
	sandbox = await startSandbox();
	({ id: price } = await sandbox.stripe.prices.create({
		...{ currency: 'eur', unit_amount: 1900, recurring: { interval: 'month' } },
		product_data: { name: 'Ember Club' },
	}));
});
afterAll(() => sandbox.close());
beforeEach(async () => {
	await sandbox.control('PUT', '/dunning', {});
	({ id: clock } = await sandbox.stripe.testHelpers.testClocks.create({ frozen_time: START }));
});

async function subscribe(options: { card?: string; trialDays?: number; coupon?: string } = {}) {
	const { stripe } = sandbox;
	const { id: customer } = await stripe.customers.create({
		email: 'member@example.com',
		test_clock: clock,
	});
	const { id } = await stripe.checkout.sessions.create({
		mode: 'subscription',
		customer,
		line_items: [{ price, quantity: 1 }],
		subscription_data: {
			metadata: { order_id: 'o1' },
			...(options.trialDays === undefined ? {} : { trial_period_days: options.trialDays }),
		},
		...(options.coupon === undefined ? {} : { discounts: [{ coupon: options.coupon }] }),
		success_url: 'http://shop.test/done',
	});
	await sandbox.pay(id, options.card);
	const session = await stripe.checkout.sessions.retrieve(id);
	return { session, subscription: String(session.subscription), customer };
}

const advance = (days: number) =>
	sandbox.stripe.testHelpers.testClocks.advance(clock, { frozen_time: START + days * DAY });
const read = (id: string) => sandbox.stripe.subscriptions.retrieve(id);
const invoicesOf = async (subscription: string) =>
	(await sandbox.stripe.invoices.list({ subscription, limit: 100, expand: ['data.payments'] }))
		.data;
const date = (at: number | undefined) => new Date((at ?? 0) * 1000).toISOString().slice(0, 10);

describe('a subscription', () => {
	it('begins with its first payment, and its invoice tells who paid it', async () => {
		const { session, subscription, customer } = await subscribe();
		expect(session).toMatchObject({ payment_status: 'paid', status: 'complete', customer });
		const made = await read(subscription);
		expect(made).toMatchObject({ status: 'active', metadata: { order_id: 'o1' }, currency: 'eur' });
		expect(made).not.toHaveProperty('current_period_end');
		expect(date(made.items.data[0]?.current_period_end)).toBe('2027-02-28');
		const { data: told } = await sandbox.stripe.events.list({
			type: 'customer.subscription.created',
			limit: 1,
		});
		expect(told[0]?.data.object).toMatchObject({ id: subscription, status: 'active' });
		const [invoice] = await invoicesOf(subscription);
		expect(invoice).toMatchObject({
			amount_paid: 1900,
			billing_reason: 'subscription_create',
			id: session.invoice,
			parent: { subscription_details: { subscription, metadata: { order_id: 'o1' } } },
			status: 'paid',
		});
		expect(invoice).not.toHaveProperty('subscription');
		const intent = await sandbox.stripe.paymentIntents.retrieve(
			String(invoice?.payments?.data[0]?.payment.payment_intent),
		);
		expect(intent).toMatchObject({ status: 'succeeded', amount: 1900, customer });
	});

	it('is not there when the first card is declined', async () => {
		const { subscription, session } = await subscribe({ card: '4000000000000002' });
		expect(session).toMatchObject({ status: 'open', subscription: null });
		expect(subscription).toBe('null');
	});

	it('renews on the same day of each month, or its last', async () => {
		const { subscription } = await subscribe();
		await advance(95);
		const invoices = await invoicesOf(subscription);
		expect(invoices.map(({ created }) => date(created))).toEqual([
			...['2027-04-30', '2027-03-31', '2027-02-28', '2027-01-31'],
		]);
		expect(invoices.every(({ status }) => status === 'paid')).toBe(true);
		expect(invoices[0]?.billing_reason).toBe('subscription_cycle');
	});

	it('costs nothing during its trial and is charged when that ends', async () => {
		const { subscription, session } = await subscribe({ trialDays: 14 });
		expect(session).toMatchObject({ amount_total: 0, payment_status: 'no_payment_required' });
		expect((await read(subscription)).status).toBe('trialing');
		await advance(12);
		const { data: told } = await sandbox.stripe.events.list({
			type: 'customer.subscription.trial_will_end',
		});
		expect(told).toHaveLength(1);
		await advance(15);
		expect((await read(subscription)).status).toBe('active');
		expect((await invoicesOf(subscription)).map(({ total }) => total)).toEqual([1900, 0]);
	});

	it('sells what is bought once together with its first invoice, also during a trial', async () => {
		const { id } = await sandbox.stripe.checkout.sessions.create({
			mode: 'subscription',
			line_items: [
				{ price, quantity: 1 },
				{
					quantity: 1,
					price_data: { currency: 'eur', unit_amount: 8900, product_data: { name: 'Lamp' } },
				},
			],
			subscription_data: { trial_period_days: 7 },
			success_url: 'http://shop.test/done',
		});
		await sandbox.pay(id);
		const session = await sandbox.stripe.checkout.sessions.retrieve(id, {
			expand: ['subscription', 'invoice'],
		});
		expect(session).toMatchObject({
			amount_total: 8900,
			payment_status: 'paid',
			subscription: { status: 'trialing' },
			invoice: { total: 8900, status: 'paid' },
		});
	});

	it.each([
		['canceled', 'canceled'],
		['unpaid', 'unpaid'],
	] as const)(
		'goes past due when a renewal fails and ends %s after the last try',
		async (end, status) => {
			await sandbox.control('PUT', '/dunning', { retryDays: [3, 5], end });
			const { subscription } = await subscribe({ card: '4000000000000341' });
			await advance(29);
			expect((await read(subscription)).status).toBe('past_due');
			const [failed] = await invoicesOf(subscription);
			expect(failed).toMatchObject({ status: 'open', attempt_count: 1, amount_remaining: 1900 });
			expect(date(failed?.next_payment_attempt ?? 0)).toBe('2027-03-03');
			await advance(40);
			expect((await read(subscription)).status).toBe(status);
			const { data } = await sandbox.stripe.events.list({
				type: 'invoice.payment_failed',
				limit: 100,
			});
			expect(
				data.filter((event) => Reflect.get(event.data.object, 'id') === failed?.id),
			).toHaveLength(3);
		},
	);

	it('is active again as soon as a working card pays what is open', async () => {
		const { subscription, customer } = await subscribe({ card: '4000000000000341' });
		await advance(29);
		const portal = await sandbox.stripe.billingPortal.sessions.create({
			customer,
			return_url: 'http://shop.test/',
		});
		const path = new URL(portal.url).pathname;
		expect(await (await fetch(sandbox.url + path)).text()).toContain('past due');
		await sandbox.submit(path, { subscription, action: 'card', number: '4242 4242 4242 4242' });
		expect((await read(subscription)).status).toBe('active');
		expect((await invoicesOf(subscription))[0]?.status).toBe('paid');
	});

	it('runs out at the end of the period when it is cancelled in the portal, unless it is kept', async () => {
		const [leaving, staying] = [await subscribe(), await subscribe()];
		for (const { subscription, customer } of [leaving, staying]) {
			const { url } = await sandbox.stripe.billingPortal.sessions.create({ customer });
			await sandbox.submit(new URL(url).pathname, { subscription, action: 'cancel' });
			expect(await read(subscription)).toMatchObject({
				status: 'active',
				cancel_at_period_end: true,
			});
		}
		await sandbox.stripe.subscriptions.update(staying.subscription, {
			cancel_at_period_end: false,
		});
		await advance(30);
		expect((await read(leaving.subscription)).status).toBe('canceled');
		expect((await read(staying.subscription)).status).toBe('active');
	});

	it('ends at once when it is cancelled, and never renews again', async () => {
		const { subscription } = await subscribe();
		const ended = await sandbox.stripe.subscriptions.cancel(subscription);
		expect(ended).toMatchObject({
			status: 'canceled',
			cancellation_details: { reason: 'cancellation_requested' },
		});
		await advance(60);
		expect(await invoicesOf(subscription)).toHaveLength(1);
		const { data } = await sandbox.stripe.events.list({
			type: 'customer.subscription.deleted',
			limit: 1,
		});
		expect(Reflect.get(data[0]?.data.object ?? {}, 'id')).toBe(subscription);
	});

	it('collects nothing while its collection is paused', async () => {
		const { subscription } = await subscribe();
		await sandbox.stripe.subscriptions.update(subscription, {
			pause_collection: { behavior: 'void' },
		});
		await advance(40);
		expect((await invoicesOf(subscription)).map(({ status }) => status)).toEqual(['void', 'paid']);
		await sandbox.stripe.subscriptions.update(subscription, { pause_collection: '' });
		await advance(70);
		expect((await invoicesOf(subscription))[0]?.status).toBe('paid');
	});

	it('stands still while it is paused, and goes on with a new period when resumed', async () => {
		const { subscription } = await subscribe();
		await sandbox.stripe.subscriptions.pause(subscription);
		await advance(50);
		expect((await read(subscription)).status).toBe('paused');
		const resumed = await sandbox.stripe.subscriptions.resume(subscription);
		expect(resumed.status).toBe('active');
		expect(date(resumed.items.data[0]?.current_period_start)).toBe(date(START + 50 * DAY));
		expect(await invoicesOf(subscription)).toHaveLength(2);
	});

	it('made by the API is incomplete until its first invoice is paid', async () => {
		const { stripe } = sandbox;
		const { id: customer } = await stripe.customers.create({
			email: 'api@example.com',
			test_clock: clock,
		});
		const made = await stripe.subscriptions.create({ customer, items: [{ price }] });
		expect(made.status).toBe('incomplete');
		const invoice = String(made.latest_invoice);
		await expect(
			stripe.invoices.pay(invoice, { payment_method: 'pm_card_chargeDeclined' }),
		).rejects.toMatchObject({
			type: 'StripeCardError',
			code: 'card_declined',
		});
		await stripe.invoices.pay(invoice, { payment_method: 'pm_card_visa' });
		expect((await read(made.id)).status).toBe('active');
		const page = await (await fetch(`${sandbox.url}/invoices/${invoice}`)).text();
		expect(page).toContain('Ember Club');
	});
});

describe('a coupon of a subscription', () => {
	it.each([
		{ what: 'once is taken off the first invoice', duration: 'once', paid: [1500, 1900, 1900] },
		{ what: 'forever is taken off every one', duration: 'forever', paid: [1500, 1500, 1500] },
		{ what: 'once is used up by a trial', duration: 'once', trialDays: 10, paid: [0, 1900, 1900] },
		{
			...{ what: 'forever is not used up by a trial', duration: 'forever', trialDays: 10 },
			paid: [0, 1500, 1500],
		},
	] as const)('for $what', async ({ duration, paid, ...options }) => {
		const { id: coupon } = await sandbox.stripe.coupons.create({
			...{ amount_off: 400, currency: 'eur', duration },
		});
		const { subscription } = await subscribe({
			coupon,
			...('trialDays' in options ? { trialDays: options.trialDays } : {}),
		});
		await advance(64);
		const invoices = await invoicesOf(subscription);
		expect(invoices.map(({ amount_paid }) => amount_paid).reverse()).toEqual(paid);
	});
});
