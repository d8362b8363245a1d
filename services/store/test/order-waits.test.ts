import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import { createEgress } from '@autopilot/egress';
import { startDeliveryWorker } from '@autopilot/events';
import { createLogger } from '@autopilot/http';
import { until } from '@autopilot/postgres/testing';
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

const unattended = async (): Promise<string[]> => {
	const { body } = await store.call('GET', `${ORDERS}?unattendedMinutes=10`);
	return body.data.map(({ id }: { id: string }) => id);
};
/** Lets eleven minutes pass for an order. */
const age = (id: string) =>
	store.db.query(
		`UPDATE orders SET updated_at = updated_at - interval '11 minutes',
			delivered_at = delivered_at - interval '11 minutes' WHERE id = $1`,
		[id],
	);

describe('orders that nobody attends to', () => {
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

/** n8n, as far as call-backs see it: it knows some executions, and answers others as one that died with them. */
async function startFlows() {
	const asleep = new Set<string>();
	const called: string[] = [];
	const server = createServer((request, response) => {
		const path = request.url ?? '';
		called.push(path);
		request.resume().on('end', () => response.writeHead(asleep.has(path) ? 200 : 409).end());
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('no port');
	const egress = createEgress({ allow: ['127.0.0.1'] });
	const stop = await startDeliveryWorker({
		...{ db: store.db, egress, logger: createLogger('store', 'silent'), retryDelaysMs: [10] },
	});
	return {
		asleep,
		base: `http://127.0.0.1:${address.port}`,
		wasCalled: (path: string) => until(() => called.includes(path), { what: `a call of ${path}` }),
		/** Until the call-back of a flow was accepted, or given up. */
		over: (path: string, state: 'delivered' | 'dead') =>
			until(
				async () => {
					const { rows } = await store.db.query<{ state: string }>(
						'SELECT state FROM deliveries WHERE callback_url LIKE $1',
						[`%${path}`],
					);
					return rows.length === 1 && rows[0]?.state === state;
				},
				{ what: `${path} ${state}` },
			),
		async close() {
			await stop();
			await egress.close();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

describe('an order whose flow is gone', () => {
	let flows: Awaited<ReturnType<typeof startFlows>>;
	let orders = 0;
	beforeAll(async () => {
		flows = await startFlows();
	});
	afterAll(() => flows.close());
	/** Waits as the flow at that path; with `asleep` it is there when it is called. */
	const waitAs = (
		id: string,
		path: string,
		rest: { until?: string; count?: number; asleep?: boolean } = {},
	) => {
		const { asleep = true, ...wish } = rest;
		if (asleep) flows.asleep.add(path);
		return wait(id, `${flows.base}${path}`, wish);
	};
	const complete = async (id: string) => {
		expect((await store.call('POST', `${ORDERS}/${id}/complete`)).status).toBe(200);
	};
	const bought = () => paidOrder(`G-${++orders}`);

	it('counts as unattended also when it is delivered before that shows, until it is completed', async () => {
		const { id } = await bought();
		await waitAs(id, '/lost', { until: 'shipped', asleep: false });
		const parcel = await ship(id);
		await flows.wasCalled('/lost');
		await arrive(parcel);
		expect(await unattended()).not.toContain(id);
		await age(id);
		expect(await unattended()).toContain(id);

		// Somebody comes for it, and does what was left undone.
		await waitAs(id, '/again-1', { until: 'shipped' });
		await flows.over('/again-1', 'delivered');
		await waitAs(id, '/again-2');
		await flows.over('/again-2', 'delivered');
		await complete(id);
		await age(id);
		expect(await unattended()).not.toContain(id);
		expect(await store.call('GET', `${ORDERS}/${id}`)).toMatchObject({
			body: { status: 'delivered' },
		});
	});

	it('is left to others as well when the call-back was accepted, but nothing came of it', async () => {
		const { id } = await bought();
		await waitAs(id, '/killed-later', { until: 'shipped' });
		await arrive(await ship(id));
		await flows.over('/killed-later', 'delivered');
		// Quick parcel: the same flow, not somebody who comes for what was left.
		await waitAs(id, '/killed-later-2');
		await flows.over('/killed-later-2', 'delivered');
		await age(id);
		expect(await unattended()).toContain(id);
		await complete(id);
		expect(await unattended()).not.toContain(id);
	});

	it('is still left when whoever came for it is gone, too', async () => {
		const { id } = await bought();
		await waitAs(id, '/gone-1', { asleep: false });
		await arrive(await ship(id));
		await age(id);
		await waitAs(id, '/gone-2', { until: 'shipped', asleep: false });
		await flows.over('/gone-2', 'dead');
		expect(await unattended()).toContain(id);
	});

	it('is taken up once, and not for ever, by a flow that never says that it is done', async () => {
		const { id } = await bought();
		await waitAs(id, '/silent-1', { asleep: false });
		await arrive(await ship(id));
		await age(id);
		expect(await unattended()).toContain(id);
		await waitAs(id, '/silent-2');
		await flows.over('/silent-2', 'delivered');
		expect(await unattended()).not.toContain(id);
	});

	it('is left alone while its flow waits for others, while it is attended, or when nobody waited', async () => {
		const [one, other, noticed, alone] = [
			...[await bought(), await bought()],
			...[await bought(), await bought()],
		];
		for (const { id } of [one, other]) await waitAs(id, '/several', { count: 2 });
		await waitAs(noticed.id, '/noticed', { asleep: false });
		for (const { id } of [one, noticed, alone]) await arrive(await ship(id));
		await store.call('PATCH', `${ORDERS}/${noticed.id}`, { metadata: { needsAttention: true } });
		for (const { id } of [one, noticed, alone]) await age(id);
		const left = await unattended();
		for (const { id } of [one, noticed, alone]) expect(left).not.toContain(id);
	});

	it("is no longer anybody's when it was given back", async () => {
		const { id } = await bought();
		await waitAs(id, '/refunded', { asleep: false });
		await arrive(await ship(id));
		await age(id);
		expect(await unattended()).toContain(id);
		await store.db.query(`UPDATE orders SET status = 'refunded' WHERE id = $1`, [id]);
		expect(await unattended()).not.toContain(id);
	});
});
