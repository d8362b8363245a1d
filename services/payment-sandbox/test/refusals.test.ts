import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Stripe from 'stripe';
import { order } from './order.ts';
import { type SandboxUnderTest, startSandbox } from './sandbox.ts';

let sandbox: SandboxUnderTest;
beforeAll(async () => {
	sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const rejection = async (work: Promise<unknown>) => {
	const error = await work.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	if (error instanceof Stripe.errors.StripeError) return error;
	throw new Error(`not refused: ${String(error)}`);
};

describe('what Stripe refuses', () => {
	const session = (change: object) =>
		rejection(sandbox.stripe.checkout.sessions.create({ ...order, ...change }));

	it('an unknown parameter, naming it', async () => {
		expect(await session({ payment_intent_data: { colour: 'red' } })).toMatchObject({
			code: 'parameter_unknown',
			param: 'payment_intent_data[colour]',
			statusCode: 400,
			type: 'StripeInvalidRequestError',
		});
	});

	it('a parameter that was removed, saying what to use', async () => {
		const error = await session({ payment_method_types: ['card'] });
		expect(error.code).toBe('parameter_unknown');
		expect(error.message).toContain('allowed_payment_method_types');
	});

	it('a missing one, also deep inside', async () => {
		const error = await session({
			line_items: [{ price_data: { currency: 'eur', product_data: { name: 'x' } } }],
		});
		expect(error).toMatchObject({
			code: 'parameter_missing',
			param: 'line_items[0][price_data][unit_amount]',
		});
	});

	it('a fraction of a cent', async () => {
		const error = await session({
			line_items: [
				{ price_data: { currency: 'eur', unit_amount: 9.5, product_data: { name: 'x' } } },
			],
		});
		expect(error.code).toBe('parameter_invalid_integer');
	});

	it('a time outside 30 minutes to 24 hours', async () => {
		const now = Math.floor(Date.now() / 1000);
		expect((await session({ expires_at: now + 60 })).param).toBe('expires_at');
		expect((await session({ expires_at: now + 100_000 })).param).toBe('expires_at');
	});

	it('an amount under the smallest, when it is paid', async () => {
		const made = await sandbox.stripe.checkout.sessions.create({
			...order,
			line_items: [
				{
					quantity: 1,
					price_data: { currency: 'eur', unit_amount: 10, product_data: { name: 'x' } },
				},
			],
		});
		await expect(sandbox.pay(made.id)).rejects.toThrow(/at least/);
	});

	it('an unknown id with 404, an unknown path with 404, a wrong key with 401', async () => {
		expect(
			await rejection(sandbox.stripe.checkout.sessions.retrieve('cs_test_nothing')),
		).toMatchObject({
			code: 'resource_missing',
			statusCode: 404,
		});
		expect(await rejection(sandbox.stripe.quotes.list())).toMatchObject({
			statusCode: 404,
			type: 'StripeInvalidRequestError',
		});
		const stranger = new Stripe('sk_test_wrong', {
			host: '127.0.0.1',
			port: Number(new URL(sandbox.url).port),
			protocol: 'http',
		});
		expect(await rejection(stranger.customers.list())).toMatchObject({
			type: 'StripeAuthenticationError',
		});
	});

	it('an API version whose objects look different', async () => {
		const old = await fetch(`${sandbox.url}/v1/customers`, {
			headers: { authorization: 'Bearer sk_test_sandbox', 'stripe-version': '2024-06-20' },
		});
		expect(old.status).toBe(400);
	});
});
