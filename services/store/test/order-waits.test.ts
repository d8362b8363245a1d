import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ORDERS, shopOf } from './shop.ts';
import { startStoreApp } from './store-app.ts';

let store: Awaited<ReturnType<typeof startStoreApp>>;
let shop: ReturnType<typeof shopOf>;
beforeAll(async () => {
	store = await startStoreApp();
	shop = shopOf(store);
});
afterAll(() => store.close());

const wait = (id: string, url: string, rest: { until?: string; count?: number } = {}) => {
	const { count, ...until } = rest;
	const callback = { url, ...(count === undefined ? {} : { count }) };
	return store.call('POST', `${ORDERS}/${id}/callback`, { ...until, callback });
};
const calls = async (url: string) => {
	const { rows } = await store.db.query<{ body: { type: string; data: { order: object } } }>(
		'SELECT callback_body AS body FROM deliveries WHERE callback_url = $1',
		[url],
	);
	return rows.map(({ body }) => body);
};
const paidOrder = async (sku: string, quantity = 1) => {
	await shop.sell({ sku, stock: 10 });
	const { body } = await shop.order({ [sku]: quantity });
	await shop.pay(body.id);
	return body;
};
const ship = async (id: string, lines?: object[]) => {
	const parcel = { carrier: 'DHL', trackingNumber: `${id}-${lines?.length ?? 0}-${Math.random()}` };
	const { body } = await store.call('POST', `${ORDERS}/${id}/shipments`, {
		...parcel,
		...(lines === undefined ? {} : { lines }),
	});
	return body.id as string;
};
const arrive = (shipmentId: string, status = 'delivered') =>
	store.call('POST', `/api/v1/shipments/${shipmentId}/events`, {
		...{ externalId: `${status}-1`, status, occurredAt: new Date().toISOString() },
	});

describe('a flow that waits for an order', () => {
	it('is woken once when the order is shipped, and another when it is delivered', async () => {
		const { id } = await paidOrder('W-1');
		const asked = await wait(id, 'http://n8n.test/a', { until: 'shipped' });
		await wait(id, 'http://n8n.test/b');
		expect([asked.status, asked.body.status]).toEqual([202, 'paid']);
		const parcel = await ship(id);
		expect(await calls('http://n8n.test/a')).toMatchObject([
			{ type: 'order.reached', data: { order: { id, status: 'shipped' } } },
		]);
		expect(await calls('http://n8n.test/b')).toEqual([]);
		await arrive(parcel);
		expect(await calls('http://n8n.test/a')).toHaveLength(1);
		expect(await calls('http://n8n.test/b')).toMatchObject([
			{ data: { order: { id, status: 'delivered' } } },
		]);
	});

	it('is woken at once when the order has come so far already', async () => {
		const { id } = await paidOrder('W-2');
		await ship(id);
		await wait(id, 'http://n8n.test/c', { until: 'shipped' });
		expect(await calls('http://n8n.test/c')).toHaveLength(1);
	});

	it.each(['failed', 'returned'])('hears that the last parcel %s', async (status) => {
		const { id } = await paidOrder(`W-${status}`);
		const url = `http://n8n.test/${status}`;
		const parcel = await ship(id);
		await wait(id, url);
		expect(await calls(url)).toEqual([]);
		await arrive(parcel, status);
		expect(await calls(url)).toHaveLength(1);
	});

	it('hears that the order was called off', async () => {
		await shop.sell({ sku: 'W-3', stock: 1 });
		const { id } = (await shop.order({ 'W-3': 1 })).body;
		await wait(id, 'http://n8n.test/d');
		await store.call('POST', `${ORDERS}/${id}/cancel`, {});
		expect(await calls('http://n8n.test/d')).toMatchObject([
			{ data: { order: { id, status: 'cancelled' } } },
		]);
	});

	it('that waits for several with one URL is called when the last of them is there', async () => {
		const orders = [await paidOrder('W-4'), await paidOrder('W-5'), await paidOrder('W-6')];
		const url = 'http://n8n.test/e';
		for (const { id } of orders) await wait(id, url, { count: 3 });
		const parcels = await Promise.all(orders.map(({ id }) => ship(id)));
		await arrive(parcels[0] ?? '');
		expect(await calls(url)).toEqual([]);
		await Promise.all(parcels.slice(1).map((parcel) => arrive(parcel)));
		expect(await calls(url)).toHaveLength(1);
	});

	it('is refused for an order that is none, and for a URL that is none', async () => {
		const { id } = await paidOrder('W-7');
		const nobody = await wait('019a8f3e-7c55-7b21-9a4e-2f6d0c1b8a77', 'http://n8n.test/f');
		expect(nobody.status).toBe(404);
		expect((await wait(id, 'javascript:alert(1)')).status).toBe(400);
	});
});

describe('orders that nobody attends to', () => {
	const unattended = async () => {
		const { body } = await store.call('GET', `${ORDERS}?unattendedMinutes=10`);
		return body.data.map(({ id }: { id: string }) => id);
	};
	const age = (id: string) =>
		store.db.query(`UPDATE orders SET updated_at = now() - interval '11 minutes' WHERE id = $1`, [
			id,
		]);

	it('are those that are paid, old, and that no flow waits for', async () => {
		const [lost, fresh, waited, delivered, marked] = await Promise.all(
			[1, 2, 3, 4, 5].map((n) => paidOrder(`U-${n}`)),
		);
		await wait(waited?.id, 'http://n8n.test/u');
		await arrive(await ship(delivered?.id));
		await store.call('PATCH', `${ORDERS}/${marked?.id}`, { metadata: { needsAttention: true } });
		for (const order of [lost, waited, delivered, marked]) await age(order?.id);
		expect(await unattended()).toEqual([lost?.id]);
		await age(fresh?.id);
		expect((await unattended()).sort()).toEqual([fresh?.id, lost?.id].sort());
	});
});
