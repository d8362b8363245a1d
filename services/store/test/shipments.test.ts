import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ORDERS, shopOf } from './shop.ts';
import { startStoreApp } from './store-app.ts';

let store: Awaited<ReturnType<typeof startStoreApp>>;
let shop: ReturnType<typeof shopOf>;
beforeAll(async () => {
	store = await startStoreApp();
	shop = shopOf(store);
	await shop.sell({ sku: 'LAMP', stock: 1000 }, { sku: 'BULB', stock: 1000 });
	await shop.sell({ sku: 'FILE', delivery: 'digital' });
});
afterAll(() => store.close());

const SHIPMENTS = '/api/v1/shipments';
let parcels = 0;
const paid = async (lines: Record<string, number>) => {
	const { id } = (await shop.order(lines)).body;
	return (await shop.pay(id)).order;
};
const ship = (orderId: string, more: object = {}) =>
	store.call('POST', `${ORDERS}/${orderId}/shipments`, {
		...{ carrier: 'DHL', trackingNumber: `T-${++parcels}` },
		...more,
	});
let told = 0;
const tell = (id: string, status: string, minute: number, externalId = `e-${++told}`) =>
	store.call('POST', `${SHIPMENTS}/${id}/events`, {
		...{ externalId, status, location: 'Berlin' },
		occurredAt: `2026-11-20T12:${String(minute).padStart(2, '0')}:00Z`,
	});
const orderOf = async (id: string) => (await store.call('GET', `${ORDERS}/${id}`)).body;
const types = async (id: string) => (await shop.eventsOf(id)).map(({ type }) => type);

describe('shipping an order', () => {
	it('ends when all of its goods have left, and again when all have arrived', async () => {
		const order = await paid({ LAMP: 2, BULB: 1, FILE: 1 });
		const lamp = order.lines.find(({ sku }) => sku === 'LAMP');
		const first = (await ship(order.id, { lines: [{ lineId: lamp?.id, quantity: 1 }] })).body;
		expect(first).toMatchObject({ status: 'created', carrier: 'DHL', events: [] });
		expect((await orderOf(order.id)).status).toBe('fulfilling');
		const tooMuch = await ship(order.id, { lines: [{ lineId: lamp?.id, quantity: 2 }] });
		expect([tooMuch.status, tooMuch.body.code]).toEqual([422, 'line_not_open']);
		const second = (await ship(order.id)).body;
		expect(second.lines.map(({ quantity }: { quantity: number }) => quantity)).toEqual([1, 1]);
		const shipped = await orderOf(order.id);
		expect(shipped.status).toBe('shipped');
		expect(shipped.shipments).toHaveLength(2);
		expect((await ship(order.id)).body.code).toBe('nothing_to_ship');
		await tell(first.id, 'delivered', 1);
		expect((await orderOf(order.id)).status).toBe('shipped');
		await tell(second.id, 'delivered', 2);
		const delivered = await orderOf(order.id);
		expect(delivered).toMatchObject({ status: 'delivered', deliveredAt: expect.any(String) });
		expect((await types(order.id)).slice(2)).toEqual([
			...['order.fulfilling', 'order.shipped', 'order.delivered'],
		]);
		expect(await types(first.id)).toEqual(['shipment.created', 'shipment.delivered']);
		const [created] = await shop.eventsOf(second.id);
		expect(created?.data).toMatchObject({
			trackingNumber: second.trackingNumber,
			order: { number: order.number },
		});
	});

	it('is refused before payment and for files', async () => {
		const { id } = (await shop.order({ LAMP: 1 })).body;
		expect((await ship(id)).body.code).toBe('order_state');
		const files = await paid({ FILE: 1 });
		expect((await ship(files.id)).body.code).toBe('nothing_to_ship');
	});

	it('of the same parcel twice is one shipment', async () => {
		const order = await paid({ LAMP: 1 });
		const parcel = { carrier: 'UPS', trackingNumber: 'same' };
		const [one, two] = await Promise.all([ship(order.id, parcel), ship(order.id, parcel)]);
		expect(one.body.id).toBe(two.body.id);
		const other = await paid({ LAMP: 1 });
		expect((await ship(other.id, parcel)).body.code).toBe('tracking_taken');
	});

	it('happens again for a parcel that came back', async () => {
		const order = await paid({ LAMP: 1 });
		const lost = (await ship(order.id)).body;
		await tell(lost.id, 'returned', 1);
		const again = (await ship(order.id)).body;
		await tell(again.id, 'delivered', 2);
		expect((await orderOf(order.id)).status).toBe('delivered');
	});
});

describe('what a carrier tells', () => {
	it('counts once', async () => {
		const { id } = (await ship((await paid({ LAMP: 1 })).id)).body;
		const answers = await Promise.all([
			tell(id, 'in_transit', 1, 'same'),
			tell(id, 'in_transit', 1, 'same'),
			tell(id, 'in_transit', 1, 'same'),
		]);
		expect(answers.map(({ body }) => body.events.length)).toEqual([1, 1, 1]);
		expect(await types(id)).toEqual(['shipment.created', 'shipment.updated']);
	});

	it('needs no more than its status: then it has happened now', async () => {
		const order = await paid({ LAMP: 1 });
		const { id } = (await ship(order.id)).body;
		const before = Date.now();
		const { status, body } = await store.call('POST', `${SHIPMENTS}/${id}/events`, {
			status: 'delivered',
		});
		expect({ status, delivered: body.status }).toEqual({ status: 200, delivered: 'delivered' });
		expect(Date.parse(body.events[0].occurredAt)).toBeGreaterThanOrEqual(before);
		expect((await orderOf(order.id)).status).toBe('delivered');
	});

	it('may come in any order: the newest counts, and delivered stays', async () => {
		const { id } = (await ship((await paid({ LAMP: 1 })).id)).body;
		expect((await tell(id, 'out_for_delivery', 5)).body.status).toBe('out_for_delivery');
		expect((await tell(id, 'in_transit', 3)).body.status).toBe('out_for_delivery');
		expect((await tell(id, 'delivered', 8)).body.status).toBe('delivered');
		expect((await tell(id, 'in_transit', 4)).body.status).toBe('delivered');
		const late = (await tell(id, 'in_transit', 30)).body;
		expect(late.status).toBe('delivered');
		const minutes = late.events.map(({ occurredAt }: { occurredAt: string }) =>
			occurredAt.slice(14, 16),
		);
		expect(minutes).toEqual(['03', '04', '05', '08', '30']);
		expect((await types(id)).slice(1)).toEqual(['shipment.updated', 'shipment.delivered']);
	});

	it('ends the same in every order', async () => {
		const events = [
			['created', 0],
			['in_transit', 1],
			['failed', 2],
			['out_for_delivery', 3],
			['delivered', 4],
		] as const;
		for (let turn = 0; turn < events.length; turn++) {
			const { id } = (await ship((await paid({ LAMP: 1 })).id)).body;
			const order = [...events.slice(turn), ...events.slice(0, turn)];
			for (const [status, minute] of turn % 2 === 0 ? order : order.reverse()) {
				await tell(id, status, minute);
			}
			const { body } = await store.call('GET', `${SHIPMENTS}/${id}`);
			expect(body).toMatchObject({ status: 'delivered', deliveredAt: '2026-11-20T12:04:00.000Z' });
		}
	});
});

it('lists shipments of an order', async () => {
	const order = await paid({ LAMP: 1 });
	const { id } = (await ship(order.id)).body;
	const { body } = await store.call('GET', `${SHIPMENTS}?orderId=${order.id}`);
	expect(body.data.map((shipment: { id: string }) => shipment.id)).toEqual([id]);
	expect(
		(await store.call('GET', `${SHIPMENTS}/0198a3f0-0000-7000-8000-000000000000`)).body.code,
	).toBe('shipment_not_found');
});
