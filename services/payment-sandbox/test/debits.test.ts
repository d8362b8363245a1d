import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '@autopilot/postgres/testing';
import type Stripe from 'stripe';
import { State } from '../src/index.ts';
import { order } from './order.ts';
import { type SandboxUnderTest, startSandbox } from './sandbox.ts';

const PAYS = 'AT611904300234573201';
const PAYS_LATE = 'AT321904300235473204';
const REFUSES = 'AT861904300235473202';
const DISPUTES = 'AT591904300235473203';
const HOUR = 3600;

let sandbox: SandboxUnderTest;
beforeAll(async () => {
	sandbox = await startSandbox();
	// Until a test says otherwise, no bank answers before it is told to.
	await sandbox.control('PUT', '/debits', { hold: true });
});
afterAll(() => sandbox.close());

const debit = (session: string, iban: string, where = sandbox) =>
	where.control('POST', `/sessions/${session}/pay`, {
		iban,
		email: 'buyer@example.com',
		name: 'B',
	});
const sessionOf = (id: string, where = sandbox) =>
	where.stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent.latest_charge'] });
const intentOf = (session: Stripe.Checkout.Session) =>
	String(Reflect.get(Object(session.payment_intent), 'id'));
/** Types of the events about one payment, oldest first. */
const told = async (session: Stripe.Checkout.Session, where = sandbox) => {
	const names = [session.id, intentOf(session)];
	const { data } = await where.stripe.events.list({ limit: 100 });
	const about = data.filter(({ data: { object } }) =>
		[Reflect.get(object, 'id'), Reflect.get(object, 'payment_intent')].some((name) =>
			names.includes(String(name)),
		),
	);
	return about.map(({ type }) => type).reverse();
};
const BEGUN = [
	'payment_intent.created',
	'charge.pending',
	'payment_intent.processing',
	'checkout.session.completed',
];
/** A session whose debit a bank is working on. */
const underWay = async (iban: string, more: object = {}) => {
	const { id } = await sandbox.stripe.checkout.sessions.create({ ...order, ...more });
	expect(await debit(id, iban)).toMatchObject({ outcome: 'processing' });
	return sessionOf(id);
};
const answer = (session: Stripe.Checkout.Session, body: object = {}) =>
	sandbox.control('POST', `/debits/${intentOf(session)}/answer`, body);

describe('the methods of a session', () => {
	const offered = async (change: object) =>
		(await sandbox.stripe.checkout.sessions.create({ ...order, ...change })).payment_method_types;
	const items = (unit_amount: number, currency: string) => ({
		line_items: [
			{ quantity: 1, price_data: { currency, unit_amount, product_data: { name: 'x' } } },
		],
	});

	it('are all that fit when the request names none', async () => {
		expect(await offered({})).toEqual(['card', 'sepa_debit']);
		expect(await offered(items(500, 'usd'))).toEqual(['card']);
		expect(await offered(items(1_000_100, 'eur'))).toEqual(['card']);
		expect(await offered({ payment_intent_data: { capture_method: 'manual' } })).toEqual(['card']);
	});

	it('can only be narrowed by the request', async () => {
		expect(await offered({ allowed_payment_method_types: ['sepa_debit'] })).toEqual(['sepa_debit']);
		expect(await offered({ allowed_payment_method_types: ['ideal', 'card'] })).toEqual(['card']);
		expect(await offered({ excluded_payment_method_types: ['card'] })).toEqual(['sepa_debit']);
	});

	it.each([
		['a debit in another currency than euros', items(500, 'usd')],
		['a debit of more than the scheme carries', items(1_000_100, 'eur')],
		['a debit that is to be captured later', { payment_intent_data: { capture_method: 'manual' } }],
	])('are refused when none is left: %s', async (_what, change) => {
		const refusal = offered({ ...change, allowed_payment_method_types: ['sepa_debit'] });
		await expect(refusal).rejects.toMatchObject({
			message: expect.stringContaining('No valid payment method types for this Checkout Session'),
			statusCode: 400,
			type: 'StripeInvalidRequestError',
		});
	});

	it('are refused when Stripe has none of that name', async () => {
		await expect(offered({ allowed_payment_method_types: ['sepa'] })).rejects.toMatchObject({
			param: 'allowed_payment_method_types[0]',
			statusCode: 400,
		});
	});

	it('bind who pays', async () => {
		const { id } = await sandbox.stripe.checkout.sessions.create({
			...order,
			excluded_payment_method_types: ['sepa_debit'],
		});
		await expect(debit(id, PAYS)).rejects.toThrow(/takes no sepa_debit/);
		expect((await sandbox.stripe.checkout.sessions.retrieve(id)).status).toBe('open');
	});
});

describe('a debit', () => {
	it('ends the session at once, without money', async () => {
		const session = await underWay(PAYS);
		expect(session).toMatchObject({
			status: 'complete',
			payment_status: 'unpaid',
			payment_intent: {
				amount_received: 0,
				status: 'processing',
				latest_charge: {
					balance_transaction: null,
					paid: false,
					payment_method_details: { type: 'sepa_debit', sepa_debit: { last4: '3201' } },
					status: 'pending',
				},
			},
		});
		expect(await told(session)).toEqual(BEGUN);
	});

	it('is paid when the bank pays, once, however often it is told to answer', async () => {
		const before = await underWay(PAYS);
		await answer(before);
		await expect(answer(before, { answer: 'refuses' })).rejects.toThrow(/status of succeeded/);
		const session = await sandbox.stripe.checkout.sessions.retrieve(before.id, {
			expand: ['payment_intent.latest_charge.balance_transaction'],
		});
		expect(session).toMatchObject({
			payment_status: 'paid',
			payment_intent: {
				amount_received: 18_290,
				status: 'succeeded',
				latest_charge: { paid: true, balance_transaction: { amount: 18_290, type: 'payment' } },
			},
		});
		expect(await told(session)).toEqual([
			...BEGUN,
			'charge.succeeded',
			'payment_intent.succeeded',
			'checkout.session.async_payment_succeeded',
		]);
	});

	it('is not paid when the bank says no, and says why', async () => {
		const before = await underWay('AT981904300002222227');
		await answer(before);
		const session = await sessionOf(before.id);
		expect(session).toMatchObject({
			status: 'complete',
			payment_status: 'unpaid',
			payment_intent: {
				amount_received: 0,
				last_payment_error: {
					code: 'payment_intent_payment_attempt_failed',
					message: expect.stringContaining('not enough money'),
					payment_method: { type: 'sepa_debit' },
				},
				latest_charge: { failure_code: 'insufficient_funds', status: 'failed' },
				status: 'requires_payment_method',
			},
		});
		expect(await told(session)).toEqual([
			...BEGUN,
			'charge.failed',
			'payment_intent.payment_failed',
			'checkout.session.async_payment_failed',
		]);
	});

	it('does what an operator says, whatever its account stands for', async () => {
		const [refused, paid] = [await underWay(PAYS), await underWay(REFUSES)];
		await answer(refused, { answer: 'refuses' });
		await answer(paid, { answer: 'pays' });
		expect((await sessionOf(refused.id)).payment_status).toBe('unpaid');
		expect((await sessionOf(paid.id)).payment_status).toBe('paid');
	});

	it('is disputed after it was paid, where the account stands for that', async () => {
		const session = await underWay(DISPUTES);
		await answer(session);
		const { data } = await sandbox.stripe.disputes.list({ payment_intent: intentOf(session) });
		expect(data).toMatchObject([{ reason: 'debit_not_authorized' }]);
		expect((await sessionOf(session.id)).payment_status).toBe('paid');
	});

	it("can't be called back, and goes back once it is paid", async () => {
		const session = await underWay(PAYS);
		const payment_intent = intentOf(session);
		await expect(sandbox.stripe.paymentIntents.cancel(payment_intent)).rejects.toMatchObject({
			code: 'payment_intent_unexpected_state',
		});
		await expect(sandbox.stripe.refunds.create({ payment_intent })).rejects.toThrow(
			/successful charge/,
		);
		await answer(session);
		const refund = await sandbox.stripe.refunds.create({ payment_intent });
		expect(refund).toMatchObject({
			amount: 18_290,
			destination_details: { type: 'sepa_bank_transfer' },
			status: 'succeeded',
		});
	});

	it('also works for an intent that a program confirms', async () => {
		const made = await sandbox.stripe.paymentIntents.create({
			...{ amount: 5000, currency: 'eur', confirm: true, payment_method: 'pm_success_at' },
			mandate_data: {
				customer_acceptance: {
					type: 'online',
					online: { ip_address: '127.0.0.1', user_agent: 'test' },
				},
			},
		});
		expect(made.status).toBe('processing');
		const dollars = sandbox.stripe.paymentIntents.create({
			...{ amount: 5000, currency: 'usd', confirm: true, payment_method: 'pm_success_at' },
		});
		await expect(dollars).rejects.toMatchObject({
			code: 'payment_intent_incompatible_payment_method',
		});
	});
});

describe('the time of a debit', () => {
	it('is set, and the bank answers by itself', async () => {
		await sandbox.control('PUT', '/debits', { hold: false, seconds: 0, delayedSeconds: 2 * HOUR });
		const [quick, late] = [await underWay(REFUSES), await underWay(PAYS_LATE)];
		await until(
			async () => (await told(quick)).at(-1) === 'checkout.session.async_payment_failed',
			{ what: 'the answer of the bank' },
		);
		expect((await sessionOf(late.id)).payment_intent).toMatchObject({ status: 'processing' });
		await sandbox.control('POST', '/clock/advance', { seconds: 2 * HOUR });
		expect((await sessionOf(late.id)).payment_status).toBe('paid');
		await sandbox.control('PUT', '/debits', { hold: true });
	});

	it('is that of the test clock, for a customer who has one', async () => {
		await sandbox.control('PUT', '/debits', { hold: false, seconds: HOUR });
		const { id: clock } = await sandbox.stripe.testHelpers.testClocks.create({
			frozen_time: 1_800_000_000,
		});
		const customer = await sandbox.stripe.customers.create({ test_clock: clock });
		const { customer_email: _email, ...rest } = order;
		const { id } = await sandbox.stripe.checkout.sessions.create({
			...rest,
			customer: customer.id,
		});
		await debit(id, PAYS);
		await sandbox.control('POST', '/clock/advance', { seconds: 2 * HOUR });
		expect((await sessionOf(id)).payment_status).toBe('unpaid');
		await sandbox.stripe.testHelpers.testClocks.advance(clock, {
			frozen_time: 1_800_000_000 + HOUR,
		});
		expect((await sessionOf(id)).payment_status).toBe('paid');
		await sandbox.control('PUT', '/debits', { hold: true });
	});

	it('outlives the process: the answer comes after a restart, once', async () => {
		const folder = await mkdtemp(path.join(tmpdir(), 'payment-sandbox-'));
		const file = path.join(folder, 'sandbox.sqlite');
		const state = new State(file);
		const begun = await startSandbox({ state, environment: { DEBIT_SECONDS: String(HOUR) } });
		const { id } = await begun.stripe.checkout.sessions.create(order);
		await debit(id, PAYS, begun);
		await begun.close();
		state.close();

		for (const _start of ['first', 'second']) {
			const resumedState = new State(file);
			const resumed = await startSandbox({ state: resumedState });
			await resumed.control('POST', '/clock/advance', { seconds: 2 * HOUR });
			const session = await sessionOf(id, resumed);
			expect(session.payment_status).toBe('paid');
			expect((await told(session, resumed)).slice(BEGUN.length)).toEqual([
				'charge.succeeded',
				'payment_intent.succeeded',
				'checkout.session.async_payment_succeeded',
			]);
			const { data } = await resumed.stripe.balanceTransactions.list({});
			expect(data.map(({ type }) => type)).toEqual(['payment']);
			await resumed.close();
			resumedState.close();
		}
		await rm(folder, { recursive: true });
	});
});

describe('the pages', () => {
	const page = async (at: string) => (await fetch(sandbox.url + at)).text();

	it('offer the methods of the session, with the test accounts by name', async () => {
		const { id } = await sandbox.stripe.checkout.sessions.create(order);
		const both = await page(`/pay/${id}`);
		expect(both).toMatch(/value="card"\s+checked/);
		expect(both).toContain('Insufficient funds</span><code>AT98 1904 3000 0222 2227</code>');
		expect(await page(`/pay/${id}?iban=${REFUSES}`)).toMatch(/value="sepa_debit"\s+checked/);
		const cards = await sandbox.stripe.checkout.sessions.create({
			...order,
			allowed_payment_method_types: ['card'],
		});
		expect(await page(`/pay/${cards.id}`)).not.toContain('IBAN');
	});

	it('take a test account, and lead back to the shop', async () => {
		const { id } = await sandbox.stripe.checkout.sessions.create(order);
		const typed = { method: 'sepa_debit', email: 'b@example.com', name: 'B', action: 'pay' };
		const real = await sandbox.submit(`/pay/${id}`, { ...typed, iban: 'DE02120300000000202051' });
		expect(real.status).toBe(402);
		const text = await real.text();
		expect(text).toContain('not a test account');
		expect(text).not.toContain('2020 51');
		const paid = await sandbox.submit(`/pay/${id}`, { ...typed, iban: 'at61 1904 3002 3457 3201' });
		expect(paid.headers.get('location')).toBe(`http://shop.test/orders/1?session=${id}`);
		expect(await page(`/pay/${id}`)).toContain('Your payment is under way');
	});

	it('let an operator be the bank', async () => {
		const paid = await underWay(PAYS, { payment_intent_data: { description: 'Order A-17' } });
		const refused = await underWay(PAYS);
		expect(await page('/bank')).toContain('Order A-17');
		await sandbox.submit(`/bank/${intentOf(paid)}`, { answer: 'pays' });
		await sandbox.submit(`/bank/${intentOf(refused)}`, { answer: 'refuses' });
		expect((await sessionOf(paid.id)).payment_status).toBe('paid');
		expect(await page(`/pay/${paid.id}`)).toContain('This is paid already');
		expect(await page(`/pay/${refused.id}`)).toContain('Your bank did not pay');
		expect(await page('/bank')).not.toContain('Order A-17');
	});
});
