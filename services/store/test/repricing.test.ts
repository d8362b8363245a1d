import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { supersedePages } from '../src/orders/reprice-store.ts';
import { closePages } from '../src/payments/tasks.ts';
import { type MoneyWorld, startMoneyWorld } from './money-world.ts';
import { subscribersOf } from './subscribers.ts';

const DE = { line1: 'Way 1', city: 'Bonn', country: 'DE' };
const FR = { line1: 'Rue 1', city: 'Lyon', country: 'FR' };
let world: MoneyWorld;
let buyers: ReturnType<typeof subscribersOf>;
let options: Record<string, string>;
beforeAll(async () => {
	world = await startMoneyWorld();
	buyers = subscribersOf(world);
	await world.startWorker({ retryDelaysMs: [10, 10] });
	await world.product([{ sku: 'LAMP', amount: 10_000, stock: 1000 }]);
	await world.product([{ sku: 'CODE', amount: 3333, delivery: 'digital' }]);
	const make = async (path: string, body: object) =>
		(await world.call('POST', `/api/v1/${path}`, body)).body.id;
	await make('tax-rates', { name: 'MwSt', country: 'DE', basisPoints: 1900 });
	await make('tax-rates', { name: 'TVA', country: 'FR', basisPoints: 2000, inclusive: true });
	await make('coupons', { code: 'TEN', kind: 'percent', basisPoints: 1000 });
	const eur = (amount: number) => ({ amount, currency: 'EUR' });
	options = {
		home: await make('shipping-options', { name: 'Post', price: eur(500), countries: ['DE'] }),
		abroad: await make('shipping-options', { name: 'Air', price: eur(1500), countries: ['FR'] }),
		fast: await make('shipping-options', { name: 'Fast', price: eur(2500), countries: ['FR'] }),
	};
});
afterAll(() => world.close());

const patch = (id: string, change: object) => world.call('PATCH', `/api/v1/orders/${id}`, change);
const orderOf = (id: string) => world.get(`/api/v1/orders/${id}`);
/** What `order.updated` was told with. */
const updatesOf = async (id: string) => {
	const { rows } = await world.db.query<{ data: object }>(
		`SELECT data FROM outbox WHERE aggregate_id = $1 AND type = 'order.updated' ORDER BY seq`,
		[id],
	);
	return rows.map(({ data }) => data);
};
const statusAt = async (sessionRef: string) =>
	(await world.stripe.checkout.sessions.retrieve(sessionRef)).status;
const close = () => closePages(world.db, world.parts);
const settleRefunds = async () => {
	await world.sendRefunds();
	await world.settled();
};

describe('an address that is given before the payment', () => {
	it('prices taxes and shipping anew, and adds up', async () => {
		const { id } = await world.order([{ sku: 'LAMP' }, { sku: 'CODE' }], { couponCode: 'TEN' });
		const { status, body } = await patch(id, { shippingAddress: DE });
		expect(status).toBe(200);
		// 13333 less 10 %, and 5.00 for the post: 19 % of each.
		expect(body).toMatchObject({
			...{ subtotal: 13_333, discount: 1333, shipping: 500, tax: 2375, taxIncluded: 0 },
			...{ total: 14_875, shippingOption: { name: 'Post' } },
			lines: [
				{ taxName: 'MwSt', taxBasisPoints: 1900 },
				{ taxName: 'MwSt', taxBasisPoints: 1900 },
			],
		});
		const moved = await patch(id, { shippingAddress: FR });
		// Prices contain the tax there.
		expect(moved.body).toMatchObject({
			...{ discount: 1333, shipping: 1500, tax: 2250, taxIncluded: 2250, total: 13_500 },
			shippingOption: { name: 'Air' },
		});
		expect(await orderOf(id)).toEqual(moved.body);
		const { data } = await world.get(`/api/v1/orders/${id}/history`);
		expect(data.at(-1).detail.total).toEqual({ from: 14_875, to: 13_500 });
	});

	it('costs what the same order costs when it is made there', async () => {
		const lines = [{ sku: 'LAMP', quantity: 3 }, { sku: 'CODE' }];
		const made = await world.order(lines, { shippingAddress: FR, billingAddress: DE });
		const { id } = await world.order(lines, { shippingAddress: DE });
		const { body } = await patch(id, { shippingAddress: FR, billingAddress: DE });
		const priceOf = (order: typeof made) => [
			...[order.total, order.tax, order.taxIncluded, order.shipping],
			order.lines.map((line: { totalAmount: number }) => line.totalAmount),
		];
		expect(priceOf(body)).toEqual(priceOf(made));
	});

	it('tells order.updated with the new price, in the same transaction', async () => {
		const { id } = await world.order([{ sku: 'CODE' }]);
		const { body } = await patch(id, { billingAddress: DE });
		expect(body.total).toBe(3966);
		expect(await updatesOf(id)).toEqual([body]);
		await world.checkout(id, { billingAddress: FR });
		expect(await updatesOf(id)).toMatchObject([{ total: 3966 }, { total: 3333 }]);
		// Another way to travel, with the same addresses.
		const lamp = await world.order([{ sku: 'LAMP' }], { shippingAddress: FR });
		await patch(lamp.id, { shippingOptionId: options['fast'] });
		expect(await updatesOf(lamp.id)).toMatchObject([{ shipping: 2500, total: 12_500 }]);
		await patch(lamp.id, { shippingOptionId: options['fast'] });
		// Refused as a whole: no change, and no word of it.
		const unfit = await patch(lamp.id, { metadata: { a: 1 }, shippingOptionId: options['home'] });
		expect(unfit.status).toBe(422);
		expect(await updatesOf(lamp.id)).toHaveLength(1);
	});

	it('may choose how it travels, among what goes there', async () => {
		const { id } = await world.order([{ sku: 'LAMP' }], { shippingAddress: DE });
		const unfit = await patch(id, { shippingAddress: FR, shippingOptionId: options['home'] });
		expect([unfit.status, unfit.body.code]).toEqual([422, 'shipping_option_unfit']);
		expect(await orderOf(id)).toMatchObject({ shippingAddress: { country: 'DE' } });
		const { body } = await patch(id, { shippingAddress: FR, shippingOptionId: options['fast'] });
		expect(body).toMatchObject({ shipping: 2500, total: 12_500 });
		// What was chosen stays chosen.
		const again = await patch(id, { billingAddress: FR });
		expect(again.body).toMatchObject({ shipping: 2500, total: 12_500 });
	});

	it('in the same place changes no price, whatever rates are now, and leaves the pay page open', async () => {
		const { id, total } = await world.order([{ sku: 'CODE' }], { billingAddress: DE });
		const first = await world.checkout(id);
		const { body: rate } = await world.call('POST', '/api/v1/tax-rates', {
			...{ name: 'New', country: 'DE', delivery: 'digital', basisPoints: 2500 },
		});
		const { body } = await patch(id, { billingAddress: { ...DE, line1: 'Way 2' } });
		expect(body.total).toBe(total);
		expect((await world.checkout(id)).url).toBe(first.url);
		await world.call('DELETE', `/api/v1/tax-rates/${rate.id}`);
	});
});

describe('a pay page with the old price', () => {
	it('is closed, and the next one asks for the new price', async () => {
		const { id } = await world.order([{ sku: 'CODE' }]);
		const old = await world.checkout(id);
		await patch(id, { billingAddress: DE });
		expect(await orderOf(id)).toMatchObject({ status: 'created', paymentStatus: 'unpaid' });
		const next = await world.checkout(id);
		expect(next.payment).toMatchObject({ amount: 3966, superseded: false });
		expect(await statusAt(old.payment.sessionRef)).toBe('expired');
		expect(await world.get(`/api/v1/payments/${old.payment.id}`)).toMatchObject({
			...{ status: 'expired', superseded: true },
		});
		await world.pay(next.payment.sessionRef);
		await world.settled();
		expect(await orderOf(id)).toMatchObject({ status: 'paid', captured: 3966, total: 3966 });
		await world.balances();
	});

	it('is closed by the worker, when nobody asks for another one', async () => {
		const { id } = await world.order([{ sku: 'CODE' }]);
		const { payment } = await world.checkout(id);
		await patch(id, { billingAddress: DE });
		await close();
		expect(await statusAt(payment.sessionRef)).toBe('expired');
		await world.settled();
		expect(await orderOf(id)).toMatchObject({ status: 'created' });
	});

	it('that is paid all the same gives the money back, and the order waits for the new price', async () => {
		const { id } = await world.order([{ sku: 'CODE' }]);
		const old = await world.checkout(id);
		await world.control('PUT', '/webhooks', { hold: true });
		await patch(id, { billingAddress: DE });
		await world.pay(old.payment.sessionRef);
		const next = await world.checkout(id);
		await world.control('POST', '/webhooks/release', { order: 'reverse', copies: 2 });
		await world.control('PUT', '/webhooks', {});
		await world.settled();
		await settleRefunds();
		expect(await world.get(`/api/v1/payments/${old.payment.id}`)).toMatchObject({
			...{ status: 'rejected', rejection: 'wrong_amount', refunded: 3333 },
		});
		expect(await orderOf(id)).toMatchObject({ captured: 0, total: 3966 });
		await world.pay(next.payment.sessionRef);
		await world.settled();
		expect(await orderOf(id)).toMatchObject({ status: 'paid', captured: 3966 });
		expect((await world.balances())['unassigned_payments EUR']).toBe(0);
	});

	it("that began a subscription ends it, and the one of the new page is the order's", async () => {
		const sku = await buyers.plan();
		const { id } = await world.order([{ sku }]);
		const old = await world.checkout(id);
		await patch(id, { billingAddress: DE });
		await world.pay(old.payment.sessionRef);
		await world.settled();
		const next = await world.checkout(id);
		await world.pay(next.payment.sessionRef);
		await world.settled();
		await settleRefunds();
		await world.endSubscriptions();
		await world.settled();
		const useless = await world.stripe.checkout.sessions.retrieve(old.payment.sessionRef);
		const { status } = await world.stripe.subscriptions.retrieve(String(useless.subscription));
		expect(status).toBe('canceled');
		const { data } = await world.get(`/api/v1/subscriptions?orderId=${id}`);
		expect(data).toMatchObject([{ status: 'active' }]);
		expect(await orderOf(id)).toMatchObject({ status: 'paid', captured: 2261 });
		expect(await buyers.licenseOf(id)).toMatchObject({ status: 'active' });
	});

	it('is never given to who asks while the price changes', async () => {
		const { id } = await world.order([{ sku: 'CODE' }]);
		const places = [DE, FR, DE, FR, DE];
		const answers = await Promise.all([
			...places.map((billingAddress) => patch(id, { billingAddress })),
			...places.map(() => world.call('POST', `/api/v1/orders/${id}/checkout`, {})),
		]);
		const odd = answers.filter(
			({ status, body }) => status !== 200 && body.code !== 'order_repriced',
		);
		expect(odd).toEqual([]);
		const { total } = await orderOf(id);
		const { payment } = await world.checkout(id);
		expect(payment.amount).toBe(total);
		const { data } = await world.get(`/api/v1/payments?orderId=${id}`);
		const payable = data.filter(
			(one: { status: string; superseded: boolean }) => one.status === 'open' && !one.superseded,
		);
		expect(payable.map((one: { amount: number }) => one.amount)).toEqual([total]);
	});

	it('that was paid by a slow method keeps its price', async () => {
		const { id, total } = await world.order([{ sku: 'CODE' }]);
		const { payment } = await world.checkout(id);
		await world.db.query(`UPDATE payments SET status = 'pending' WHERE id = $1`, [payment.id]);
		const { status, body } = await patch(id, { billingAddress: DE });
		expect([status, body.code]).toEqual([409, 'payment_pending']);
		expect(await orderOf(id)).toMatchObject({ total, billingAddress: null });
		await world.db.transaction(async (tx) => {
			expect(await supersedePages(tx, id)).toEqual({ superseded: 1, pending: true });
		});
		expect((await world.get(`/api/v1/payments/${payment.id}`)).superseded).toBe(false);
	});
});

describe('an address that is given', () => {
	it('with the checkout is priced before the page is made', async () => {
		const { id } = await world.order([{ sku: 'CODE' }]);
		const { payment } = await world.checkout(id, { billingAddress: DE });
		expect(payment).toMatchObject({ amount: 3966 });
		expect(await orderOf(id)).toMatchObject({ total: 3966, billingAddress: { country: 'DE' } });
	});

	it('after the payment changes no money', async () => {
		const { id } = await world.order([{ sku: 'CODE' }]);
		const { payment } = await world.checkout(id);
		await world.pay(payment.sessionRef);
		await world.settled();
		const { status, body } = await patch(id, { billingAddress: DE });
		expect([status, body.total, body.tax]).toEqual([200, 3333, 0]);
		const other = await patch(id, { billingAddress: FR });
		expect([other.status, other.body.code]).toEqual([422, 'country_priced']);
		const late = await patch(id, { shippingOptionId: options['home'] });
		expect([late.status, late.body.code]).toEqual([409, 'order_state']);
	});

	it('makes a free order cost what it costs there', async () => {
		await world.call('POST', '/api/v1/coupons', {
			code: 'ALL',
			kind: 'percent',
			basisPoints: 10_000,
		});
		const { id } = await world.order([{ sku: 'LAMP' }], { couponCode: 'ALL' });
		const { payment } = await world.checkout(id, { shippingAddress: FR });
		expect(payment).toMatchObject({ gateway: 'stripe', amount: 1500 });
	});
});
