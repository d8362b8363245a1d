import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
	markPaid,
	markPaymentFailed,
	markPaymentPending,
	recordDispute,
	recordRefund,
} from '../src/orders/orders.ts';
import { reckonOrder } from '../src/orders/create.ts';
import { placeOrder } from '../src/orders/place.ts';
import { expireOrders, tellAbandoned } from '../src/orders/tasks.ts';
import { tellStockChanges } from '../src/products/tasks.ts';
import { orderIdOfToken, orderToken } from '../src/orders/token.ts';
import { cause, ORDERS, shopOf } from './shop.ts';
import { startStoreApp } from './store-app.ts';

let store: Awaited<ReturnType<typeof startStoreApp>>;
let shop: ReturnType<typeof shopOf>;
beforeAll(async () => {
	store = await startStoreApp();
	shop = shopOf(store);
});
afterAll(async () => {
	expect(await shop.stockDifferences()).toEqual([]);
	await store.close();
});
const types = async (id: string) => (await shop.eventsOf(id)).map(({ type }) => type);
const act = (id: string, step: string, body?: object) =>
	store.call('POST', `${ORDERS}/${id}/${step}`, body);

describe('creating an order', () => {
	it('prices it, holds its stock and tells the whole of it', async () => {
		await shop.sell({ sku: 'A-1', stock: 5, amount: 4999 }, { sku: 'A-2', delivery: 'digital' });
		const { status, body } = await shop.order(
			{ 'A-1': 2, 'A-2': 1 },
			{ name: 'Ann', clickId: 'click', metadata: { gift: true } },
		);
		expect(status).toBe(201);
		expect(body).toMatchObject({
			...{ status: 'created', paymentStatus: 'unpaid', subtotal: 10_998, total: 10_998 },
			...{ email: 'ann@example.com', name: 'Ann', clickId: 'click', metadata: { gift: true } },
		});
		expect(body.number).toMatch(/^A-\d{6}$/);
		expect(body.checkoutUrl).toBe(`${body.orderUrl}/pay`);
		expect(orderIdOfToken(body.orderUrl.split('/').at(-1))).toBe(body.id);
		expect(await shop.stockOf('A-1')).toEqual({ stock: 5, reserved: 2 });
		const product = await store.call('GET', `/api/v1/products/${body.lines[0].productId}`);
		expect(product.body.variants[0]).toMatchObject({ stock: 5, available: 3, tracksStock: true });
		const [event] = await shop.eventsOf(body.id);
		expect(event).toEqual({ type: 'order.created', data: body });
		for (const key of [body.id, body.number, body.number.toLowerCase()]) {
			expect((await store.call('GET', `${ORDERS}/${key}`)).body).toEqual(body);
		}
	});

	it('takes all of its lines or none, also outside of a transaction', async () => {
		await shop.sell({ sku: 'A-10', stock: 5 }, { sku: 'A-11', stock: 1 });
		const lines = [{ sku: 'A-10', quantity: 2 }, { sku: 'A-11' }];
		const wish = { email: 'late@example.com', lines };
		const { order, counted } = await reckonOrder(store.db, wish, cause);
		const wanted = counted.map(({ variant, quantity }) => ({ variantId: variant.id, quantity }));
		// Between its price and its place somebody else takes the last one.
		await shop.order({ 'A-11': 1 });
		const { placed, enough, left } = await placeOrder(store.db, order, wanted);
		expect([placed, enough]).toEqual([false, false]);
		expect(left.map(({ available }) => available).sort()).toEqual([0, 5]);
		expect(await shop.stockOf('A-10')).toEqual({ stock: 5, reserved: 0 });
		expect((await store.call('GET', `${ORDERS}/${order.id}`)).status).toBe(404);
		expect(await shop.eventsOf(order.id)).toEqual([]);
	});

	it('makes one line of a SKU that comes twice', async () => {
		await shop.sell({ sku: 'A-3', stock: 5 });
		const lines = [{ sku: 'A-3', quantity: 2 }, { sku: 'A-3' }];
		const { body } = await store.call('POST', ORDERS, { email: 'b@example.com', lines });
		expect(body.lines).toHaveLength(1);
		expect(body.lines[0].quantity).toBe(3);
		expect((await shop.stockOf('A-3'))?.reserved).toBe(3);
	});

	it('names what is short, and holds nothing of the rest', async () => {
		await shop.sell({ sku: 'A-4', stock: 5 }, { sku: 'A-5', stock: 1 });
		const { status, body } = await shop.order({ 'A-4': 1, 'A-5': 3 });
		expect([status, body.code]).toEqual([409, 'stock_unavailable']);
		expect(body.errors).toEqual([
			{ pointer: '/lines/1/quantity', detail: 'A-5: 1 available, 3 wanted' },
		]);
		expect((await shop.stockOf('A-4'))?.reserved).toBe(0);
	});

	it('counts no digital goods, so they never run out', async () => {
		await shop.sell({ sku: 'A-6', delivery: 'digital' });
		expect((await shop.order({ 'A-6': 1000 })).status).toBe(201);
	});

	it('happens once for one Idempotency-Key', async () => {
		await shop.sell({ sku: 'A-7', stock: 5 });
		const order = { email: 'b@example.com', lines: [{ sku: 'A-7' }] };
		const headers = { 'idempotency-key': 'order-a7' };
		const answers = await Promise.all(
			[1, 2, 3].map(() => store.call('POST', ORDERS, order, headers)),
		);
		expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
		expect((await shop.stockOf('A-7'))?.reserved).toBe(1);
	});

	it.each([
		['no line', { lines: [] }, 400, 'invalid_request', '/lines'],
		['no address', { email: 'nobody' }, 400, 'invalid_request', '/email'],
		['a line of nothing', { lines: [{ quantity: 1 }] }, 400, 'invalid_request', '/lines/0'],
		[
			'half a lamp',
			{ lines: [{ sku: 'A-1', quantity: 0.5 }] },
			400,
			'invalid_request',
			'/lines/0/quantity',
		],
		[
			'less than one',
			{ lines: [{ sku: 'A-1', quantity: -1 }] },
			400,
			'invalid_request',
			'/lines/0/quantity',
		],
		['an unknown SKU', { lines: [{ sku: 'NOPE' }] }, 422, 'line_unavailable', '/lines/0'],
		['another currency', { currency: 'USD' }, 422, 'currency_mismatch', '/lines/0'],
		[
			'a country by name',
			{ shippingAddress: { line1: 'x', city: 'x', country: 'Germany' } },
			400,
			'invalid_request',
			'/shippingAddress/country',
		],
		[
			'an unknown customer',
			{ customerId: '0198a3f0-0000-7000-8000-000000000000' },
			422,
			'customer_unknown',
			'/customerId',
		],
		['an unknown coupon', { couponCode: 'NOPE' }, 422, 'coupon_unknown', '/couponCode'],
		[
			'an unknown shipping option',
			{ shippingOptionId: '0198a3f0-0000-7000-8000-000000000000' },
			422,
			'shipping_option_unfit',
			'/shippingOptionId',
		],
		[
			'a book of metadata',
			{ metadata: { text: 'x'.repeat(20_000) } },
			400,
			'invalid_request',
			'/metadata',
		],
	])('refuses %s and points to it', async (_name, more, status, code, pointer) => {
		const answer = await store.call('POST', ORDERS, {
			email: 'b@example.com',
			lines: [{ sku: 'A-1' }],
			...more,
		});
		expect([answer.status, answer.body.code]).toEqual([status, code]);
		expect(answer.body.errors[0].pointer).toBe(pointer);
	});

	it('sells no drafts', async () => {
		const variants = [{ sku: 'DRAFT', price: { amount: 1, currency: 'EUR' }, stock: 1 }];
		await store.call('POST', '/api/v1/products', { title: 'Draft', variants });
		const { body } = await shop.order({ DRAFT: 1 });
		expect(body.errors).toEqual([{ pointer: '/lines/0', detail: 'is not published' }]);
	});
});

describe('paying', () => {
	it('takes the stock, joins the customer by e-mail and is told once', async () => {
		await shop.sell({ sku: 'P-1', stock: 5 });
		const buyer = { email: 'New.Buyer@example.com', name: 'New Buyer' };
		const first = (await shop.order({ 'P-1': 2 }, buyer)).body;
		const second = (await shop.order({ 'P-1': 1 }, { email: 'new.buyer@EXAMPLE.com' })).body;
		const paid = await shop.pay(first.id);
		expect(paid.outcome).toBe('paid');
		expect((await shop.pay(first.id)).outcome).toBe('already_paid');
		const other = await shop.pay(second.id);
		expect(await shop.stockOf('P-1')).toEqual({ stock: 2, reserved: 0 });
		const { body } = await store.call('GET', `${ORDERS}/${first.id}`);
		expect(body).toEqual(paid.order);
		expect(body).toMatchObject({ status: 'paid', paymentStatus: 'paid', captured: body.total });
		expect(await types(first.id)).toEqual(['order.created', 'order.paid']);
		expect((await shop.eventsOf(first.id)).at(-1)?.data).toEqual(body);
		expect(other.order.customerId).toBe(body.customerId);
		const customer = (await store.call('GET', `/api/v1/customers/${body.customerId}`)).body;
		expect(customer).toMatchObject({ email: 'New.Buyer@example.com', name: 'New Buyer' });
		const told = await shop.eventsOf(body.customerId);
		expect(told).toEqual([{ type: 'customer.created', data: customer }]);
		const { rows } = await store.db.query('SELECT delta FROM stock_movements WHERE order_id = $1', [
			first.id,
		]);
		expect(rows).toEqual([{ delta: -2 }]);
	});

	it('is told as a change of the stock once, however many orders it were', async () => {
		const product = await shop.sell({ sku: 'P-5', stock: 5 });
		const first = (await shop.order({ 'P-5': 1 })).body;
		const second = (await shop.order({ 'P-5': 2 })).body;
		await shop.pay(first.id);
		await shop.pay(second.id);
		await Promise.all([tellStockChanges(store.db), tellStockChanges(store.db)]);
		const changes = (await shop.eventsOf(product.id)).filter(
			({ type }) => type === 'stock.changed',
		);
		expect(changes).toHaveLength(1);
		expect(changes[0]?.data).toMatchObject({ variants: [{ sku: 'P-5', stock: 2, available: 2 }] });
	});

	it('happens once when two payments come at once; the other payment is named', async () => {
		await shop.sell({ sku: 'P-2', stock: 5 });
		const { id } = (await shop.order({ 'P-2': 1 })).body;
		const results = await Promise.all([shop.pay(id, 'one'), shop.pay(id, 'two')]);
		expect(results.map(({ outcome }) => outcome).sort()).toEqual(['already_paid', 'paid']);
		const late = results.find(({ outcome }) => outcome === 'already_paid');
		expect(['one', 'two']).toContain(late !== undefined && 'paymentId' in late && late.paymentId);
		expect(await shop.stockOf('P-2')).toEqual({ stock: 4, reserved: 0 });
	});

	it('of many orders in one transaction takes the stock of all, whoever pays for the same at once', async () => {
		const skus = ['P-6', 'P-7', 'P-8'];
		await shop.sell(...skus.map((sku) => ({ sku, stock: 100 })));
		const batch = async (order: string[]) => {
			const made = [];
			for (const sku of order) made.push((await shop.order({ [sku]: 1 })).body);
			return made;
		};
		const batches = await Promise.all([
			...[batch(['P-6', 'P-7', 'P-8', 'P-6']), batch(['P-8', 'P-7', 'P-6', 'P-8'])],
			...[batch(['P-7', 'P-8', 'P-6', 'P-7']), batch(['P-8', 'P-6', 'P-7', 'P-8'])],
		]);
		await Promise.all(
			batches.map((orders) =>
				store.db.transaction(async (tx) => {
					for (const { id, total: amount } of orders) {
						const payment = { paymentId: id, amount, currency: 'EUR', at: new Date() };
						await markPaid(tx, id, payment, cause);
					}
				}),
			),
		);
		const left = await Promise.all(skus.map((sku) => shop.stockOf(sku)));
		expect(left).toEqual([95, 95, 94].map((stock) => ({ stock, reserved: 0 })));
		expect(await shop.stockDifferences()).toEqual([]);
	});

	it('makes one customer of two first orders that are paid at once', async () => {
		await shop.sell({ sku: 'P-3', stock: 50 });
		const buyer = { email: 'twice@example.com' };
		const made = await Promise.all([1, 2, 3, 4].map(() => shop.order({ 'P-3': 1 }, buyer)));
		const paid = await Promise.all(made.map(({ body }) => shop.pay(body.id)));
		expect(new Set(paid.map(({ order }) => order.customerId)).size).toBe(1);
	});

	it('waits while a payment is under way, and begins again when it failed', async () => {
		await shop.sell({ sku: 'P-4', stock: 1 });
		const { id } = (await shop.order({ 'P-4': 1 })).body;
		const pending = await store.db.transaction((tx) => markPaymentPending(tx, id, cause));
		expect(pending).toMatchObject({ status: 'pending_payment', paymentStatus: 'pending' });
		const failed = await store.db.transaction((tx) =>
			markPaymentFailed(tx, id, { isOver: false }, cause),
		);
		expect(failed).toMatchObject({ status: 'created', paymentStatus: 'unpaid' });
		expect((await shop.pay(id)).outcome).toBe('paid');
		const after = await store.db.transaction((tx) =>
			markPaymentFailed(tx, id, { isOver: false }, cause),
		);
		expect(after.status).toBe('paid');
		expect(await types(id)).toEqual(['order.created', 'order.payment_failed', 'order.paid']);
	});
});

describe('an order whose time is over', () => {
	it('gives its stock back, once, and leaves others alone', async () => {
		await shop.sell({ sku: 'E-1', stock: 3 });
		const [late, early, paid] = [
			(await shop.order({ 'E-1': 1 })).body,
			(await shop.order({ 'E-1': 1 })).body,
			(await shop.order({ 'E-1': 1 })).body,
		];
		await shop.pay(paid.id);
		await shop.lapse(late.id);
		await shop.lapse(paid.id);
		await Promise.all([expireOrders(store.db), expireOrders(store.db)]);
		expect(await shop.stockOf('E-1')).toEqual({ stock: 2, reserved: 1 });
		expect(await types(late.id)).toEqual(['order.created', 'order.expired']);
		expect(await types(early.id)).toEqual(['order.created']);
	});

	it('is paid after all when there is stock, else the money is to go back', async () => {
		await shop.sell({ sku: 'E-2', stock: 1 });
		const first = (await shop.order({ 'E-2': 1 })).body;
		await shop.lapse(first.id);
		await expireOrders(store.db);
		const second = (await shop.order({ 'E-2': 1 })).body;
		await shop.lapse(second.id);
		await expireOrders(store.db);
		expect((await shop.pay(first.id)).outcome).toBe('paid');
		const failed = await shop.pay(second.id, 'late');
		expect(failed).toMatchObject({
			outcome: 'stock_failed',
			reason: 'sold_out',
			order: { status: 'stock_failed', captured: second.total },
		});
		expect((await shop.pay(second.id, 'late')).outcome).toBe('stock_failed');
		expect(await types(second.id)).toEqual([
			'order.created',
			'order.expired',
			'order.stock_failed',
		]);
		expect(await shop.stockOf('E-2')).toEqual({ stock: 0, reserved: 0 });
		const refund = { amount: second.total };
		const after = await store.db.transaction((tx) => recordRefund(tx, second.id, refund, cause));
		expect(after).toMatchObject({ status: 'refunded', refunded: second.total });
		expect(await shop.stockOf('E-2')).toEqual({ stock: 0, reserved: 0 });
	});

	it('is either expired or paid when both come at once, and its stock is right', async () => {
		await shop.sell({ sku: 'E-3', stock: 20 });
		const made = await Promise.all(Array.from({ length: 20 }, () => shop.order({ 'E-3': 1 })));
		const ids = made.map(({ body }) => body.id);
		await Promise.all(ids.map((id) => shop.lapse(id)));
		const [, ...paid] = await Promise.all([
			expireOrders(store.db),
			...ids.map((id) => shop.pay(id)),
		]);
		expect(paid.every(({ outcome }) => outcome === 'paid')).toBe(true);
		expect(await shop.stockOf('E-3')).toEqual({ stock: 0, reserved: 0 });
		expect(await shop.stockDifferences()).toEqual([]);
	});

	it('is told as abandoned once, unless its buyer came back', async () => {
		await shop.sell({ sku: 'E-4', stock: 9 });
		const left = (await shop.order({ 'E-4': 1 }, { email: 'left@example.com' })).body;
		const came = (await shop.order({ 'E-4': 1 }, { email: 'came@example.com' })).body;
		const back = (await shop.order({ 'E-4': 1 }, { email: 'came@example.com' })).body;
		const fresh = (await shop.order({ 'E-4': 1 }, { email: 'fresh@example.com' })).body;
		await shop.pay(back.id);
		await store.db.query(
			`UPDATE orders SET created_at = now() - interval '2 hours' WHERE id = ANY ($1)`,
			[[left.id, came.id, back.id]],
		);
		const options = { abandonedAfterSeconds: 3600 };
		await Promise.all([tellAbandoned(store.db, options), tellAbandoned(store.db, options)]);
		const abandoned = async (id: string) =>
			(await types(id)).filter((type) => type === 'order.abandoned').length;
		expect(await Promise.all([left, came, back, fresh].map(({ id }) => abandoned(id)))).toEqual([
			1, 0, 0, 0,
		]);
	});
});

describe('cancelling', () => {
	it('is free before payment and gives the stock back', async () => {
		await shop.sell({ sku: 'C-1', stock: 1 });
		const { id } = (await shop.order({ 'C-1': 1 })).body;
		const { status, body } = await act(id, 'cancel', { reason: 'changed my mind' });
		expect([status, body.status]).toEqual([200, 'cancelled']);
		expect((await act(id, 'cancel')).body.status).toBe('cancelled');
		expect(await shop.stockOf('C-1')).toEqual({ stock: 1, reserved: 0 });
		expect(await types(id)).toEqual(['order.created', 'order.cancelled']);
	});

	it('of a paid order needs a refund', async () => {
		await shop.sell({ sku: 'C-2', stock: 1 });
		const { id } = (await shop.order({ 'C-2': 1 })).body;
		await shop.pay(id);
		const { status, body } = await act(id, 'cancel');
		expect([status, body.code]).toEqual([409, 'order_state']);
		expect(body.detail).toContain('"refund": true');
	});

	it('and paying at once: one wins, and money for a cancelled order is to go back', async () => {
		await shop.sell({ sku: 'C-3', stock: 20 });
		const made = await Promise.all(Array.from({ length: 10 }, () => shop.order({ 'C-3': 1 })));
		let paidCount = 0;
		await Promise.all(
			made.map(async ({ body: { id } }) => {
				const [cancelled, paid] = await Promise.all([act(id, 'cancel'), shop.pay(id)]);
				if (paid.outcome === 'paid') {
					paidCount++;
					expect(cancelled.body.code).toBe('order_state');
				} else {
					expect(paid).toMatchObject({ outcome: 'stock_failed', reason: 'cancelled' });
					expect(cancelled.status).toBe(200);
				}
			}),
		);
		expect(await shop.stockOf('C-3')).toEqual({ stock: 20 - paidCount, reserved: 0 });
	});
});

describe('the life of an order', () => {
	const paidOrder = async (sku: string, more: object = {}) => {
		await shop.sell({ sku, stock: 5, ...more });
		const { id } = (await shop.order({ [sku]: 2 })).body;
		await shop.pay(id);
		return id;
	};

	it('of digital goods ends with complete', async () => {
		const id = await paidOrder('L-1', { delivery: 'digital' });
		expect((await act(id, 'complete')).body.code).toBe('order_state');
		expect((await act(id, 'fulfil')).body.status).toBe('fulfilling');
		expect((await act(id, 'fulfil')).body.status).toBe('fulfilling');
		expect((await act(id, 'complete')).body.status).toBe('delivered');
		expect((await act(id, 'complete')).body.status).toBe('delivered');
		expect((await types(id)).slice(2)).toEqual(['order.fulfilling', 'order.delivered']);
	});

	it('does not begin before it is paid', async () => {
		await shop.sell({ sku: 'L-2', stock: 5 });
		const { id } = (await shop.order({ 'L-2': 1 })).body;
		const { status, body } = await act(id, 'fulfil');
		expect([status, body.code]).toEqual([409, 'order_state']);
		expect(body.detail).toContain('checkoutUrl');
	});

	it('follows refunds: in part, then all, never more than was captured', async () => {
		const id = await paidOrder('L-3');
		const refund = (amount: number) =>
			store.db.transaction((tx) => recordRefund(tx, id, { amount }, cause));
		expect(await refund(500)).toMatchObject({
			...{ status: 'paid', paymentStatus: 'partially_refunded', refunded: 500 },
		});
		await expect(refund(1501)).rejects.toThrow('orders_refund_within_capture');
		expect(await refund(1500)).toMatchObject({ status: 'refunded', paymentStatus: 'refunded' });
		expect((await types(id)).slice(2)).toEqual(['order.partially_refunded', 'order.refunded']);
		expect(await shop.stockOf('L-3')).toEqual({ stock: 5, reserved: 0 });
	});

	it('follows a dispute beside its status', async () => {
		const id = await paidOrder('L-4');
		const dispute = (turn: 'opened' | 'won' | 'lost') =>
			store.db.transaction((tx) => recordDispute(tx, id, turn, cause));
		expect(await dispute('opened')).toMatchObject({ status: 'paid', paymentStatus: 'disputed' });
		expect(await dispute('won')).toMatchObject({ status: 'paid', paymentStatus: 'paid' });
	});

	it('is written down, with notes', async () => {
		const id = await paidOrder('L-5');
		const note = await act(id, 'notes', { text: 'call before delivery' });
		expect(note.body).toMatchObject({ text: 'call before delivery', author: 'test' });
		expect((await store.call('GET', `${ORDERS}/${id}/notes`)).body.data).toEqual([note.body]);
		const history = (await store.call('GET', `${ORDERS}/${id}/history`)).body.data;
		expect(
			history.map((entry: { kind: string; toStatus: string }) => [entry.kind, entry.toStatus]),
		).toEqual([
			['created', 'created'],
			['paid', 'paid'],
		]);
	});
});

describe('details of an order', () => {
	const home = { line1: '1 Main St', city: 'Berlin', country: 'DE' };

	it('change before shipping, but not the country that was paid for', async () => {
		await shop.sell({ sku: 'D-1', stock: 5 });
		const { id } = (await shop.order({ 'D-1': 1 }, { shippingAddress: home, metadata: { a: 1 } }))
			.body;
		const moved = { ...home, line1: '2 Side St' };
		const patch = { shippingAddress: moved, metadata: { b: 2 } };
		const { body } = await store.call('PATCH', `${ORDERS}/${id}`, patch);
		expect(body).toMatchObject({ shippingAddress: moved, metadata: { a: 1, b: 2 } });
		await shop.pay(id);
		const abroad = { shippingAddress: { ...home, country: 'FR' } };
		expect((await store.call('PATCH', `${ORDERS}/${id}`, abroad)).body.code).toBe('country_priced');
		expect((await store.call('PATCH', `${ORDERS}/${id}`, patch)).status).toBe(200);
		const over = (await shop.order({ 'D-1': 1 }, { shippingAddress: home })).body.id;
		await act(over, 'cancel');
		expect((await store.call('PATCH', `${ORDERS}/${over}`, patch)).body.code).toBe('order_state');
	});

	it('are told with the whole order when they change, and not when they were so already', async () => {
		await shop.sell({ sku: 'D-2', stock: 5 });
		const metadata = { from: { shop: 'Berlin', till: 1 }, gift: true };
		const { id } = (await shop.order({ 'D-2': 1 }, { shippingAddress: home, metadata })).body;
		const change = (patch: object) => store.call('PATCH', `${ORDERS}/${id}`, patch);
		const updates = async () =>
			(await shop.eventsOf(id)).flatMap(({ type, data }) => (type === 'order.updated' ? data : []));
		const { body: before } = await store.call('GET', `${ORDERS}/${id}`);
		for (const same of [
			{ shippingAddress: home },
			{ metadata: { from: { till: 1 } } },
			{ metadata: { unknown: null } },
			{ metadata, shippingAddress: home },
		]) {
			const { status, body } = await change(same);
			expect([status, body]).toEqual([200, before]);
		}
		expect(await updates()).toEqual([]);
		const marked = await change({ metadata: { from: { till: 2 } } });
		expect(marked.body.metadata).toEqual({ from: { shop: 'Berlin', till: 2 }, gift: true });
		await shop.pay(id);
		const moved = await change({ shippingAddress: { ...home, line1: '2 Side St' } });
		expect(await updates()).toEqual([marked.body, moved.body]);
		const { body } = await store.call('GET', `${ORDERS}/${id}/history`);
		const kinds = body.data.map(({ kind }: { kind: string }) => kind);
		expect(kinds.filter((kind: string) => kind === 'changed')).toHaveLength(2);
	});
});

describe('lists', () => {
	it('filter and page, and export what they show', async () => {
		await shop.sell({ sku: 'X-1', stock: 50, amount: 1234 });
		const evil = '=HYPERLINK("http://evil")';
		const email = 'lister@example.com';
		for (let i = 0; i < 3; i++) await shop.order({ 'X-1': 1 }, { email, name: evil });
		const page = await store.call('GET', `${ORDERS}?email=LISTER@example.com&limit=2`);
		const rest = await store.call(
			'GET',
			`${ORDERS}?email=${email}&limit=2&cursor=${page.body.nextCursor}`,
		);
		const ids = [...page.body.data, ...rest.body.data].map(({ id }: { id: string }) => id);
		expect(new Set(ids).size).toBe(3);
		expect(rest.body.nextCursor).toBeNull();
		const newest = page.body.data[0];
		const found = await store.call('GET', `${ORDERS}?q=${newest.number}&status=created`);
		expect(found.body.data).toHaveLength(1);
		const csv = await store.csv(`${ORDERS}.csv?email=${email}`);
		expect(csv.split('\r\n')).toHaveLength(5);
		expect(csv).toContain(`"'=HYPERLINK(""http://evil"")"`);
		expect(csv).toContain('1 x X-1,EUR,12.34,0.00,0.00,0.00,12.34,0.00,0.00');
	});

	it('export more than one page of orders', async () => {
		await store.db.query(
			`INSERT INTO orders (email, currency, subtotal, total, correlation_id, expires_at)
			SELECT 'many@example.com', 'EUR', 0, 0, 'test', now() + interval '1 hour' FROM generate_series(1, 1203)`,
		);
		await store.db.query(
			`INSERT INTO order_lines (order_id, position, sku, title, delivery, quantity, unit_amount, total_amount)
			SELECT id, 1, 'FREE', 'Free', 'digital', 1, 0, 0 FROM orders WHERE email = 'many@example.com'`,
		);
		const csv = await store.csv(`${ORDERS}.csv?email=many@example.com`);
		const numbers = csv.trimEnd().split('\r\n').slice(1);
		expect(new Set(numbers).size).toBe(1203);
	});
});

describe('the token of an order page', () => {
	it('opens its order only as it was given out', async () => {
		const id = '0198a3f0-1234-7000-8000-00000000abcd';
		const token = orderToken(id);
		expect(orderIdOfToken(token)).toBe(id);
		const bytes = Buffer.from(token, 'base64url');
		for (let bit = 0; bit < bytes.length * 8; bit++) {
			const changed = Buffer.from(bytes);
			changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
			expect(orderIdOfToken(changed.toString('base64url'))).toBeUndefined();
		}
		expect(orderIdOfToken('')).toBeUndefined();
	});
});
