import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expireOrders } from '../src/orders/tasks.ts';
import { ORDERS, shopOf } from './shop.ts';
import { startStoreApp } from './store-app.ts';

let store: Awaited<ReturnType<typeof startStoreApp>>;
let shop: ReturnType<typeof shopOf>;
beforeAll(async () => {
	store = await startStoreApp();
	shop = shopOf(store);
	await shop.sell({ sku: 'GOODS', stock: 100_000, amount: 1000 });
	await shop.sell({ sku: 'FILE', delivery: 'digital', amount: 500 });
});
afterAll(() => store.close());

const COUPONS = '/api/v1/coupons';
const RATES = '/api/v1/tax-rates';
const OPTIONS = '/api/v1/shipping-options';
const make = async (url: string, body: object) => {
	const answer = await store.call('POST', url, body);
	expect(answer).toMatchObject({ status: 201 });
	return answer.body;
};
const at = (country: string, region?: string) => ({
	line1: '1 Main St',
	city: 'Here',
	country,
	region,
});
const redeemed = async (id: string) => (await store.call('GET', `${COUPONS}/${id}`)).body.redeemed;

describe('a coupon', () => {
	it('takes a percentage or an amount off, whatever the case of its code', async () => {
		await make(COUPONS, { code: 'ten', kind: 'percent', basisPoints: 1000 });
		await make(COUPONS, { code: 'FIVE', kind: 'fixed', amount: { amount: 500, currency: 'EUR' } });
		const percent = await shop.order({ GOODS: 3 }, { couponCode: 'Ten' });
		expect(percent.body).toMatchObject({ discount: 300, total: 2700, couponCode: 'TEN' });
		const fixed = await shop.order({ GOODS: 1 }, { couponCode: 'five' });
		expect(fixed.body).toMatchObject({ discount: 500, total: 500 });
	});

	it.each([
		['switched off', { active: false }, 'coupon_expired'],
		['over', { expiresAt: '2020-01-01T00:00:00Z' }, 'coupon_expired'],
		['not begun', { startsAt: '2100-01-01T00:00:00Z' }, 'coupon_not_started'],
		['for more', { minSubtotal: { amount: 1001, currency: 'EUR' } }, 'coupon_not_applicable'],
		['for dollars', { minSubtotal: { amount: 1, currency: 'USD' } }, 'coupon_not_applicable'],
		[
			'for other products',
			{ productIds: ['0198a3f0-0000-7000-8000-000000000000'] },
			'coupon_not_applicable',
		],
	])('that is %s is refused with the reason', async (name, more, code) => {
		const couponCode = name.replaceAll(' ', '-');
		await make(COUPONS, { code: couponCode, kind: 'percent', basisPoints: 1000, ...more });
		const { status, body } = await shop.order({ GOODS: 1 }, { couponCode });
		expect([status, body.code]).toEqual([422, code]);
		expect(body.errors[0].pointer).toBe('/couponCode');
	});

	it('with one redemption left is redeemed by one of many at once', async () => {
		const { id } = await make(COUPONS, {
			...{ code: 'LAST', kind: 'percent', basisPoints: 1000, maxRedemptions: 1 },
		});
		const before = (await shop.stockOf('GOODS'))?.reserved ?? 0;
		const answers = await Promise.all(
			Array.from({ length: 10 }, (_, buyer) =>
				shop.order({ GOODS: 1 }, { couponCode: 'LAST', email: `b${buyer}@example.com` }),
			),
		);
		expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
		const refused = answers.filter(({ status }) => status !== 201);
		expect(new Set(refused.map(({ body }) => body.code))).toEqual(new Set(['coupon_used_up']));
		expect(await redeemed(id)).toBe(1);
		expect((await shop.stockOf('GOODS'))?.reserved).toBe(before + 1);
	});

	it('once per customer is that, however they write their address and how many they send', async () => {
		await make(COUPONS, { code: 'ONCE', kind: 'percent', basisPoints: 1000, maxPerCustomer: 1 });
		const answers = await Promise.all(
			['x@example.com', 'X@example.com', 'x@EXAMPLE.com', 'y@example.com'].map((email) =>
				shop.order({ GOODS: 1 }, { couponCode: 'ONCE', email }),
			),
		);
		expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
	});

	it('comes back when its order is cancelled or expires, and counts again when that is paid late', async () => {
		const { id } = await make(COUPONS, {
			...{ code: 'BACK', kind: 'percent', basisPoints: 1000 },
			...{ maxRedemptions: 1, maxPerCustomer: 1 },
		});
		const first = (await shop.order({ GOODS: 1 }, { couponCode: 'BACK' })).body;
		await store.call('POST', `${ORDERS}/${first.id}/cancel`);
		expect(await redeemed(id)).toBe(0);
		const second = (await shop.order({ GOODS: 1 }, { couponCode: 'BACK' })).body;
		await shop.lapse(second.id);
		await expireOrders(store.db);
		expect(await redeemed(id)).toBe(0);
		expect((await shop.pay(second.id)).outcome).toBe('paid');
		expect(await redeemed(id)).toBe(1);
		expect((await shop.order({ GOODS: 1 }, { couponCode: 'BACK' })).body.code).toBe(
			'coupon_used_up',
		);
	});

	it('is listed, changed and deleted; a limit below what was redeemed is refused', async () => {
		const { id } = await make(COUPONS, { code: 'EDIT', kind: 'percent', basisPoints: 1000 });
		await shop.order({ GOODS: 1 }, { couponCode: 'EDIT' });
		await shop.order({ GOODS: 1 }, { couponCode: 'EDIT' });
		const patch = (body: object) => store.call('PATCH', `${COUPONS}/${id}`, body);
		expect((await patch({ maxRedemptions: 1 })).body.code).toBe('coupon_redeemed');
		expect((await patch({ maxRedemptions: 2, active: false })).body).toMatchObject({
			...{ maxRedemptions: 2, active: false, redeemed: 2 },
		});
		const list = await store.call('GET', `${COUPONS}?code=edit&active=false`);
		expect(list.body.data).toHaveLength(1);
		const again = { code: 'edit', kind: 'percent', basisPoints: 1 };
		expect((await store.call('POST', COUPONS, again)).body.code).toBe('coupon_code_taken');
		expect((await store.call('DELETE', `${COUPONS}/${id}`)).status).toBe(204);
		expect((await store.call('GET', `${COUPONS}/${id}`)).status).toBe(404);
	});

	it.each([
		['a percentage without one', { kind: 'percent' }, '/basisPoints'],
		['more than all', { kind: 'percent', basisPoints: 10_001 }, '/basisPoints'],
		['an amount of nothing', { kind: 'fixed', amount: { amount: 0, currency: 'EUR' } }, '/amount'],
		[
			'two currencies',
			{
				kind: 'fixed',
				amount: { amount: 1, currency: 'EUR' },
				minSubtotal: { amount: 1, currency: 'USD' },
			},
			'/minSubtotal',
		],
	])('is refused with %s', async (_name, body, pointer) => {
		const answer = await store.call('POST', COUPONS, { code: 'BAD', ...body });
		expect(answer.status).toBe(400);
		expect(answer.body.errors[0].pointer).toBe(pointer);
	});
});

describe('taxes', () => {
	it('are those of the most exact place and kind, added or contained', async () => {
		await make(RATES, { name: 'VAT', country: 'DE', basisPoints: 1900, inclusive: true });
		await make(RATES, {
			name: 'e-books',
			country: 'DE',
			delivery: 'digital',
			basisPoints: 700,
			inclusive: true,
		});
		await make(RATES, { name: 'CA tax', country: 'US', region: 'CA', basisPoints: 725 });
		const german = (await shop.order({ GOODS: 1, FILE: 1 }, { shippingAddress: at('DE') })).body;
		expect(german).toMatchObject({ total: 1500, tax: 193, taxIncluded: 193 });
		expect(german.lines.map((line: { taxName: string }) => line.taxName)).toEqual([
			'VAT',
			'e-books',
		]);
		const california = (await shop.order({ GOODS: 1 }, { shippingAddress: at('US', 'CA') })).body;
		expect(california).toMatchObject({ total: 1073, tax: 73, taxIncluded: 0 });
		const texas = (await shop.order({ GOODS: 1 }, { shippingAddress: at('US', 'TX') })).body;
		expect(texas).toMatchObject({ total: 1000, tax: 0 });
	});

	it('have one rate for a place and kind', async () => {
		const rate = { name: 'VAT', country: 'FR', basisPoints: 2000 };
		const { id } = await make(RATES, rate);
		expect((await store.call('POST', RATES, rate)).body.code).toBe('tax_rate_exists');
		const changed = await store.call('PATCH', `${RATES}/${id}`, { basisPoints: 550 });
		expect(changed.body).toMatchObject({ basisPoints: 550, country: 'FR', name: 'VAT' });
		expect((await store.call('GET', `${RATES}?country=FR`)).body.data).toEqual([changed.body]);
		expect((await store.call('DELETE', `${RATES}/${id}`)).status).toBe(204);
	});
});

describe('shipping', () => {
	it('costs what its option does, is free from a worth, and only goods are shipped', async () => {
		const price = (amount: number) => ({ amount, currency: 'EUR' });
		const standard = await make(OPTIONS, {
			...{ name: 'Standard', countries: ['AT', 'CH'], price: price(490), freeFrom: 5000 },
		});
		const express = await make(OPTIONS, {
			...{ name: 'Express', countries: ['AT'], price: price(1490), estimate: 'tomorrow' },
		});
		const address = { shippingAddress: at('AT') };
		const cheapest = (await shop.order({ GOODS: 1 }, address)).body;
		expect(cheapest).toMatchObject({
			shipping: 490,
			total: 1490,
			shippingOption: { name: 'Standard' },
		});
		const chosen = (await shop.order({ GOODS: 1 }, { ...address, shippingOptionId: express.id }))
			.body;
		expect(chosen.shippingOption).toEqual({
			...{ id: express.id, name: 'Express', amount: 1490, estimate: 'tomorrow' },
		});
		const free = (await shop.order({ GOODS: 5 }, { ...address, shippingOptionId: standard.id }))
			.body;
		expect(free).toMatchObject({ shipping: 0, total: 5000 });
		const digital = (await shop.order({ FILE: 1 }, address)).body;
		expect(digital).toMatchObject({ shipping: 0, shippingOption: null });
		const elsewhere = { shippingAddress: at('CH'), shippingOptionId: express.id };
		const { status, body } = await shop.order({ GOODS: 1 }, elsewhere);
		expect([status, body.code]).toEqual([422, 'shipping_option_unfit']);
		expect(body.detail).toContain(`Standard (${standard.id})`);
		const listed = await store.call('GET', `${OPTIONS}?country=CH`);
		expect(listed.body.data).toEqual([standard]);
		await store.call('PATCH', `${OPTIONS}/${express.id}`, { active: false });
		expect((await store.call('DELETE', `${OPTIONS}/${standard.id}`)).status).toBe(204);
		expect((await shop.order({ GOODS: 1 }, address)).body.shipping).toBe(0);
	});
});

describe('a cart', () => {
	const CARTS = '/api/v1/carts';

	it('is filled, priced, and becomes one order', async () => {
		const { id } = await make(CARTS, {});
		const set = (sku: string, quantity: number) =>
			store.call('PUT', `${CARTS}/${id}/lines/${sku}`, { quantity });
		await set('GOODS', 2);
		await set('FILE', 1);
		expect((await set('GOODS', 3)).body.price).toMatchObject({ subtotal: 3500, total: 3500 });
		expect((await set('FILE', 0)).body.lines).toMatchObject([{ sku: 'GOODS', quantity: 3 }]);
		expect((await store.call('POST', `${CARTS}/${id}/checkout`)).body.code).toBe('email_missing');
		const patch = { email: 'cart@example.com', couponCode: 'TEN', shippingAddress: at('DE') };
		const cart = (await store.call('PATCH', `${CARTS}/${id}`, patch)).body;
		expect(cart.price).toMatchObject({ discount: 300, total: 2700, taxIncluded: 431 });
		const [one, two] = await Promise.all([
			store.call('POST', `${CARTS}/${id}/checkout`),
			store.call('POST', `${CARTS}/${id}/checkout`),
		]);
		expect(one.status).toBe(201);
		expect(two.body.id).toBe(one.body.id);
		expect(one.body).toMatchObject({ total: 2700, email: 'cart@example.com' });
		expect((await store.call('GET', `${CARTS}/${id}`)).body.orderId).toBe(one.body.id);
		expect((await set('GOODS', 1)).body.code).toBe('cart_checked_out');
	});

	it('says what stands in the way of an order', async () => {
		await shop.sell({ sku: 'RARE', stock: 1 });
		const { id, problem, price, lines } = await make(CARTS, {
			lines: [{ sku: 'RARE', quantity: 2 }],
		});
		expect(problem.code).toBe('stock_unavailable');
		expect([price, lines[0].available]).toEqual([null, 1]);
		const unknown = await store.call('PUT', `${CARTS}/${id}/lines/NOPE`, { quantity: 1 });
		expect(unknown.body.code).toBe('line_unavailable');
		const empty = await make(CARTS, { email: 'a@example.com' });
		const refused = await store.call('POST', `${CARTS}/${empty.id}/checkout`);
		expect([refused.status, refused.body.code]).toEqual([409, 'cart_empty']);
	});
});
