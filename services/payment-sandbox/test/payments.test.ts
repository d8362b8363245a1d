import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '@autopilot/postgres/testing';
import Stripe from 'stripe';
import { State } from '../src/index.ts';
import { type SandboxUnderTest, startSandbox } from './sandbox.ts';

let sandbox: SandboxUnderTest;
beforeAll(async () => {
	sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const pay = (amount: number, method = 'pm_card_visa') =>
	sandbox.stripe.paymentIntents.create({
		...{ amount, currency: 'eur', payment_method: method, confirm: true },
		automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
	});

describe('a payment intent', () => {
	it('tells a decline as a card error and can be confirmed with another card', async () => {
		const intent = await sandbox.stripe.paymentIntents.create({ amount: 1000, currency: 'eur' });
		await expect(
			sandbox.stripe.paymentIntents.confirm(intent.id, {
				payment_method: 'pm_card_chargeDeclinedInsufficientFunds',
			}),
		).rejects.toMatchObject({
			statusCode: 402,
			code: 'card_declined',
			decline_code: 'insufficient_funds',
		});
		const { data: charges } = await sandbox.stripe.charges.list({ payment_intent: intent.id });
		expect(charges.map(({ status }) => status)).toEqual(['failed']);
		const paid = await sandbox.stripe.paymentIntents.confirm(intent.id, {
			payment_method: 'pm_card_visa',
		});
		expect(paid.status).toBe('succeeded');
	});

	it('holds the money until it is captured, in part if wanted', async () => {
		const held = await sandbox.stripe.paymentIntents.create({
			...{
				amount: 1000,
				currency: 'eur',
				payment_method: 'pm_card_visa',
				confirm: true,
				capture_method: 'manual',
			},
		});
		expect(held).toMatchObject({ status: 'requires_capture', amount_capturable: 1000 });
		const captured = await sandbox.stripe.paymentIntents.capture(held.id, {
			amount_to_capture: 600,
		});
		expect(captured).toMatchObject({ status: 'succeeded', amount_received: 600 });
		await expect(sandbox.stripe.paymentIntents.cancel(held.id)).rejects.toMatchObject({
			code: 'payment_intent_unexpected_state',
		});
	});

	it('pages lists forwards and backwards', async () => {
		const ids: string[] = [];
		for (let n = 0; n < 5; n += 1)
			ids.unshift(
				(await sandbox.stripe.paymentIntents.create({ amount: 100 + n, currency: 'eur' })).id,
			);
		const first = await sandbox.stripe.paymentIntents.list({ limit: 2 });
		expect(first.has_more).toBe(true);
		const second = await sandbox.stripe.paymentIntents.list({
			limit: 2,
			starting_after: first.data[1]?.id ?? '',
		});
		const back = await sandbox.stripe.paymentIntents.list({
			limit: 2,
			ending_before: second.data[0]?.id ?? '',
		});
		expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(ids.slice(0, 4));
		expect(back.data.map(({ id }) => id)).toEqual(ids.slice(0, 2));
		const all: string[] = [];
		for await (const { id } of sandbox.stripe.paymentIntents.list({ limit: 2 })) all.push(id);
		expect(all.slice(0, 5)).toEqual(ids);
	});
});

describe('a refund', () => {
	it('adds up to what was captured, and no further', async () => {
		const { id: payment_intent } = await pay(1000);
		const first = await sandbox.stripe.refunds.create({ payment_intent, amount: 400 });
		expect(first).toMatchObject({ status: 'succeeded', amount: 400 });
		await expect(sandbox.stripe.refunds.create({ payment_intent, amount: 601 })).rejects.toThrow(
			/greater than unrefunded/,
		);
		await sandbox.stripe.refunds.create({ payment_intent });
		await expect(sandbox.stripe.refunds.create({ payment_intent })).rejects.toMatchObject({
			code: 'charge_already_refunded',
		});
		const { latest_charge: charge } = await sandbox.stripe.paymentIntents.retrieve(payment_intent, {
			expand: ['latest_charge.refunds'],
		});
		expect(charge).toMatchObject({ amount_refunded: 1000, refunded: true });
		const { data: booked } = await sandbox.stripe.balanceTransactions.list({ source: first.id });
		expect(booked).toMatchObject([{ amount: -400, type: 'refund' }]);
	});

	it.each([
		['pm_card_pendingRefund', 'pending', 'succeeded', 0],
		['pm_card_refundFail', 'succeeded', 'failed', 1000],
	])('of %s is %s at first and %s later', async (card, before, after, left) => {
		const { id: payment_intent, latest_charge: charge } = await pay(1000, card);
		const refund = await sandbox.stripe.refunds.create({ payment_intent });
		expect(refund.status).toBe(before);
		await sandbox.control('POST', '/clock/advance', { seconds: 10 });
		expect((await sandbox.stripe.refunds.retrieve(refund.id)).status).toBe(after);
		const { amount_refunded: refunded } = await sandbox.stripe.charges.retrieve(String(charge));
		expect(1000 - refunded).toBe(left);
	});

	it('is refused when it was told to be', async () => {
		const { id: payment_intent } = await pay(1000);
		await sandbox.control('POST', '/refunds/next', { outcome: 'refused' });
		await expect(sandbox.stripe.refunds.create({ payment_intent })).rejects.toMatchObject({
			code: 'balance_insufficient',
		});
		expect((await sandbox.stripe.refunds.create({ payment_intent })).status).toBe('succeeded');
	});
});

describe('a dispute', () => {
	it.each(['won', 'lost'] as const)(
		'that is %s moves the money, and back if it was won',
		async (status) => {
			const balance = async () =>
				(await sandbox.stripe.balance.retrieve()).available[0]?.amount ?? 0;
			const intent = await pay(5000);
			const before = await balance();
			const opened = await sandbox.control('POST', '/disputes', { payment_intent: intent.id });
			expect(opened).toMatchObject({ status: 'needs_response', amount: 5000 });
			expect((await balance()) - before).toBe(-7000);
			await expect(
				sandbox.stripe.refunds.create({ payment_intent: intent.id }),
			).rejects.toMatchObject({ code: 'charge_disputed' });
			const evidence = {
				uncategorized_text: status === 'won' ? 'winning_evidence' : 'losing_evidence',
			};
			const closed = await sandbox.stripe.disputes.update(
				String(Reflect.get(Object(opened), 'id')),
				{ evidence },
			);
			expect(closed.status).toBe(status);
			expect((await balance()) - before).toBe(status === 'won' ? 0 : -7000);
		},
	);

	it('opens by itself with the card that is made for it', async () => {
		const { id: payment_intent } = await pay(5000, 'pm_card_createDispute');
		const { data } = await sandbox.stripe.disputes.list({ payment_intent });
		expect(data).toMatchObject([{ reason: 'fraudulent', status: 'needs_response' }]);
	});
});

it('a payout carries all that is there, and says what it is made of', async () => {
	await pay(100_000);
	const { available } = await sandbox.stripe.balance.retrieve();
	const payout = await sandbox.control('POST', '/payouts', { currency: 'eur' });
	expect(payout).toMatchObject({ amount: available[0]?.amount, status: 'paid' });
	const { data } = await sandbox.stripe.balanceTransactions.list({
		payout: String(Reflect.get(Object(payout), 'id')),
		limit: 100,
	});
	expect(data.reduce((sum, { net }) => sum + net, 0)).toBe(0);
	expect((await sandbox.stripe.balance.retrieve()).available[0]?.amount).toBe(0);
});

describe('an idempotency key', () => {
	const create = (key: string, amount = 1000) =>
		sandbox.stripe.paymentIntents.create({ amount, currency: 'eur' }, { idempotencyKey: key });

	it('gives the first answer again', async () => {
		const [first, second] = [await create('one'), await create('one')];
		expect(second.id).toBe(first.id);
		expect(second.lastResponse.headers['idempotent-replayed']).toBe('true');
		expect(first.lastResponse.headers['idempotent-replayed']).toBeUndefined();
	});

	it('refuses other parameters', async () => {
		await create('two');
		await expect(create('two', 1001)).rejects.toMatchObject({
			type: 'StripeIdempotencyError',
			statusCode: 400,
		});
	});

	it('keeps a decline too, but not a request that was refused before it began', async () => {
		const declined = () =>
			sandbox.stripe.paymentIntents.create(
				{ amount: 1000, currency: 'eur', payment_method: 'pm_card_chargeDeclined', confirm: true },
				{ idempotencyKey: 'three' },
			);
		const [one, other] = [await declined().catch(String), await declined().catch(String)];
		expect(one).toBe(other);
		const { data } = await sandbox.stripe.charges.list({ limit: 2 });
		expect(data.filter(({ status }) => status === 'failed')).toHaveLength(1);
		const wrong: Stripe.PaymentIntentCreateParams = { amount: 1.5, currency: 'eur' };
		await expect(
			sandbox.stripe.paymentIntents.create(wrong, { idempotencyKey: 'four' }),
		).rejects.toThrow();
		await expect(create('four')).resolves.toMatchObject({ amount: 1000 });
	});
});

describe('a connection that fails', () => {
	const countIntents = () => sandbox.state.all('payment_intent').length;
	it.each([
		['before anything was done, with a 500', { status: 500, when: 'before' }],
		['after all was done, with a 503', { status: 503, when: 'after' }],
		['without an answer, after all was done', { status: 'reset', when: 'after' }],
	])('%s is tried again by the client and does it once', async (_when, failure) => {
		const patient = new Stripe('sk_test_sandbox', {
			...{ host: '127.0.0.1', port: Number(new URL(sandbox.url).port), protocol: 'http' },
			maxNetworkRetries: 2,
		});
		await sandbox.control('POST', '/failures', { ...failure, path: '/v1/payment_intents' });
		const before = await countIntents();
		const made = await patient.paymentIntents.create({ amount: 777, currency: 'eur' });
		expect(made.amount).toBe(777);
		expect((await countIntents()) - before).toBe(1);
	});

	it('is not tried again when the answer says so', async () => {
		const patient = new Stripe('sk_test_sandbox', {
			...{ host: '127.0.0.1', port: Number(new URL(sandbox.url).port), protocol: 'http' },
			maxNetworkRetries: 2,
		});
		await sandbox.control('POST', '/failures', {
			status: 500,
			shouldRetry: false,
			path: '/v1/customers',
		});
		await expect(patient.customers.create({})).rejects.toMatchObject({ statusCode: 500 });
	});
});

it('a restart loses nothing: sessions, keys, timers and webhooks that wait', async () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'sandbox-'));
	const file = path.join(folder, 'sandbox.sqlite');
	const begun = new State(file);
	const before = await startSandbox({ state: begun });
	await before.stripe.webhookEndpoints.create({
		url: 'http://127.0.0.1:1/nobody',
		enabled_events: ['*'],
	});
	const session = await before.stripe.checkout.sessions.create(
		{
			mode: 'payment',
			line_items: [
				{
					quantity: 1,
					price_data: { currency: 'eur', unit_amount: 500, product_data: { name: 'x' } },
				},
			],
			success_url: 'http://shop.test/done',
		},
		{ idempotencyKey: 'order' },
	);
	await before.close();
	// Not closed in order: the second process finds what a killed one leaves.
	const resumed = new State(file);
	const after = await startSandbox({ state: resumed });
	await after.pay(session.id);
	expect((await after.stripe.checkout.sessions.retrieve(session.id)).status).toBe('complete');
	await until(
		async () => Number(Reflect.get(Object(await after.control('GET', '/webhooks')), 'waiting')) > 0,
	);
	await after.close();
	resumed.close();
	begun.close();
	rmSync(folder, { recursive: true });
});
