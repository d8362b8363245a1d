import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { order } from './order.ts';
import { type SandboxUnderTest, startSandbox } from './sandbox.ts';

let sandbox: SandboxUnderTest;
beforeAll(async () => {
	sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

describe('a checkout session over goods', () => {
	it('is made from price data, with amounts, references and a pay page', async () => {
		const session = await sandbox.stripe.checkout.sessions.create(order);
		expect(session).toMatchObject({
			amount_total: 18_290,
			client_reference_id: 'order-1',
			currency: 'eur',
			payment_intent: null,
			payment_status: 'unpaid',
			status: 'open',
			url: `http://sandbox.test/pay/${session.id}`,
		});
		expect(session.lastResponse.requestId).toMatch(/^req_/);
		expect(session.expires_at - session.created).toBe(86_400);
	});

	it('shows its lines only when they are asked for', async () => {
		const made = await sandbox.stripe.checkout.sessions.create(order);
		expect(made.line_items).toBeUndefined();
		const { line_items: lines } = await sandbox.stripe.checkout.sessions.retrieve(made.id, {
			expand: ['line_items'],
		});
		expect(
			lines?.data.map(({ description, quantity, amount_total }) => [
				description,
				quantity,
				amount_total,
			]),
		).toEqual([
			['Ember One', 2, 17_800],
			['Shipping', 1, 490],
		]);
	});

	it('is paid on its page, which leads back to the shop', async () => {
		const { id } = await sandbox.stripe.checkout.sessions.create(order);
		const answer = await sandbox.submit(`/pay/${id}`, {
			...{
				number: '4242 4242 4242 4242',
				email: 'buyer@example.com',
				name: 'B. Uyer',
				action: 'pay',
			},
		});
		expect(answer.status).toBe(303);
		expect(answer.headers.get('location')).toBe(`http://shop.test/orders/1?session=${id}`);

		const session = await sandbox.stripe.checkout.sessions.retrieve(id, {
			expand: ['payment_intent.latest_charge.balance_transaction'],
		});
		expect(session).toMatchObject({
			status: 'complete',
			payment_status: 'paid',
			customer_details: { email: 'buyer@example.com', name: 'B. Uyer' },
			payment_intent: {
				amount_received: 18_290,
				metadata: { orderId: 'order-1' },
				status: 'succeeded',
				// 1.4 % and 25 cents, as European cards cost at Stripe.
				latest_charge: {
					paid: true,
					balance_transaction: { amount: 18_290, fee: 281, net: 18_009 },
				},
			},
		});
	});

	it.each([
		['4000000000000002', 'card_declined', 'generic_decline'],
		['4000000000009995', 'card_declined', 'insufficient_funds'],
		['4000000000000069', 'expired_card', undefined],
	])(
		'stays open when card %s is declined, and a second card pays it',
		async (card, code, declineCode) => {
			const { id } = await sandbox.stripe.checkout.sessions.create(order);
			const answer = await sandbox.submit(`/pay/${id}`, {
				number: card,
				email: 'b@example.com',
				name: 'B',
				action: 'pay',
			});
			expect(answer.status).toBe(402);
			expect(await answer.text()).toContain('role="alert"');
			const declined = await sandbox.stripe.checkout.sessions.retrieve(id, {
				expand: ['payment_intent'],
			});
			expect(declined).toMatchObject({
				status: 'open',
				payment_intent: {
					status: 'requires_payment_method',
					last_payment_error: {
						code,
						...(declineCode === undefined ? {} : { decline_code: declineCode }),
					},
				},
			});
			await sandbox.pay(id);
			const paid = await sandbox.stripe.checkout.sessions.retrieve(id);
			expect(paid.status).toBe('complete');
			expect(paid.payment_intent).toBe(Reflect.get(Object(declined.payment_intent), 'id'));
		},
	);

	it.each([
		['passed', '4000002500003155', 'complete'],
		['failed', '4000002500003155', 'open'],
		['passed', '4000008400001629', 'open'],
	])(
		'asks for confirmation by the bank: %s with %s leaves it %s',
		async (answer, number, status) => {
			const { id } = await sandbox.stripe.checkout.sessions.create(order);
			const asked = await sandbox.submit(`/pay/${id}`, {
				number,
				email: 'b@example.com',
				name: 'B',
				action: 'pay',
			});
			expect(asked.headers.get('location')).toBe(`/pay/${id}/authenticate`);
			await sandbox.submit(`/pay/${id}/authenticate`, { answer });
			expect((await sandbox.stripe.checkout.sessions.retrieve(id)).status).toBe(status);
		},
	);

	it('leads back to the cart when it is cancelled, and can be paid later', async () => {
		const { id } = await sandbox.stripe.checkout.sessions.create(order);
		const answer = await sandbox.submit(`/pay/${id}`, { action: 'cancel' });
		expect(answer.headers.get('location')).toBe('http://shop.test/cart');
		expect((await sandbox.stripe.checkout.sessions.retrieve(id)).status).toBe('open');
	});

	it('takes no real card number and does not show it again', async () => {
		const { id } = await sandbox.stripe.checkout.sessions.create(order);
		const answer = await sandbox.submit(`/pay/${id}`, {
			number: '4111111111111111',
			email: 'b@example.com',
			name: 'B',
			action: 'pay',
		});
		expect(answer.status).toBe(402);
		expect(await answer.text()).not.toContain('4111');
	});

	it('expires when it is told to, or by itself', async () => {
		const now = Math.floor(Date.now() / 1000);
		const told = await sandbox.stripe.checkout.sessions.create(order);
		const itself = await sandbox.stripe.checkout.sessions.create({
			...order,
			expires_at: now + 1800,
		});
		await sandbox.stripe.checkout.sessions.expire(told.id);
		await sandbox.control('POST', '/clock/advance', { seconds: 1900 });
		for (const { id } of [told, itself]) {
			const { status, url } = await sandbox.stripe.checkout.sessions.retrieve(id);
			expect({ status, url }).toEqual({ status: 'expired', url: null });
			expect(
				(await sandbox.submit(`/pay/${id}`, { number: '4242424242424242', action: 'pay' })).status,
			).toBe(410);
		}
		await expect(sandbox.stripe.checkout.sessions.expire(told.id)).rejects.toThrow(
			/status of expired/,
		);
		const { data } = await sandbox.stripe.events.list({ type: 'checkout.session.expired' });
		expect(data).toHaveLength(2);
	});

	it('costs nothing when a coupon takes it all', async () => {
		const coupon = await sandbox.stripe.coupons.create({ percent_off: 100, duration: 'once' });
		const { id } = await sandbox.stripe.checkout.sessions.create({
			...order,
			discounts: [{ coupon: coupon.id }],
		});
		await sandbox.pay(id);
		expect(await sandbox.stripe.checkout.sessions.retrieve(id)).toMatchObject({
			amount_total: 0,
			payment_intent: null,
			payment_status: 'no_payment_required',
			status: 'complete',
		});
	});
});
