import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useOrderSettings } from '../src/orders/settings.ts';
import { ORDERS, shopOf } from './shop.ts';
import { startStoreProcesses } from './store-processes.ts';

// By hand: OVERSELL_REPETITIONS=20; each takes about a second.
const REPETITIONS = Number(process.env.OVERSELL_REPETITIONS ?? 4);
const BUYERS = 200;
const UNITS = 5;

let store: Awaited<ReturnType<typeof startStoreProcesses>>;
let shop: ReturnType<typeof shopOf>;
beforeAll(async () => {
	store = await startStoreProcesses(4);
	shop = shopOf(store);
	useOrderSettings({
		publicUrl: 'http://127.0.0.1',
		signingSecret: 'test'.repeat(8),
		reservationSeconds: 1800,
	});
}, 400_000);
afterAll(() => store.close());

describe(`${BUYERS} buyers at once for ${UNITS} units, in four processes`, () => {
	it.each(Array.from({ length: REPETITIONS }, (_, index) => index + 1))(
		'exactly five get one, the others are told what is left (round %i)',
		async (round) => {
			const sku = `RACE-${round}`;
			await shop.sell({ sku, stock: UNITS });
			const answers = await Promise.all(
				Array.from({ length: BUYERS }, (_, buyer) =>
					shop.order({ [sku]: 1 }, { email: `buyer-${buyer}@example.com` }),
				),
			);
			const sold = answers.filter(({ status }) => status === 201);
			const refused = answers.filter(({ status }) => status !== 201);
			expect(sold).toHaveLength(UNITS);
			expect(refused).toHaveLength(BUYERS - UNITS);
			for (const { status, body } of refused) {
				expect([status, body.code]).toEqual([409, 'stock_unavailable']);
				expect(body.errors[0].detail).toMatch(new RegExp(`^${sku}: \\d available, 1 wanted$`));
			}
			expect(await shop.stockOf(sku)).toEqual({ stock: UNITS, reserved: UNITS });
			const paid = await Promise.all(sold.map(({ body }) => shop.pay(body.id)));
			expect(paid.map(({ outcome }) => outcome)).toEqual(sold.map(() => 'paid'));
			expect(await shop.stockOf(sku)).toEqual({ stock: 0, reserved: 0 });
			expect(await shop.stockDifferences()).toEqual([]);
		},
		400_000,
	);
});

describe('carts of many SKUs in any order', () => {
	it('never wait for each other in a circle, and sell what there is', async () => {
		const skus = ['M-1', 'M-2', 'M-3', 'M-4', 'M-5', 'M-6'];
		await shop.sell(...skus.map((sku) => ({ sku, stock: 60 })));
		const deadlocks = async () => {
			const { rows } = await store.db.query<{ deadlocks: number }>(
				'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
			);
			return rows[0]?.deadlocks;
		};
		const shuffled = (seed: number) =>
			skus
				.map((sku, index) => ({ sku, key: Math.sin(seed * 7.3 + index * 13.7) }))
				.sort((a, b) => a.key - b.key)
				.slice(0, 3)
				.map(({ sku }) => ({ sku, quantity: 1 }));
		const answers = await Promise.all(
			Array.from({ length: BUYERS }, async (_, buyer) => {
				const order = { email: `m-${buyer}@example.com`, lines: shuffled(buyer) };
				const made = await store.call('POST', ORDERS, order);
				// A third pay, a third cancel, a third let it be.
				if (made.status === 201 && buyer % 3 === 0) await shop.pay(made.body.id);
				if (made.status === 201 && buyer % 3 === 1) {
					await store.call('POST', `${ORDERS}/${made.body.id}/cancel`);
				}
				if (made.status >= 500) console.log(made.body);
				return made.status;
			}),
		);
		expect(answers.filter((status) => status === 201).length).toBeGreaterThanOrEqual(100);
		expect(answers.every((status) => status === 201 || status === 409)).toBe(true);
		await store.db.query('SELECT pg_stat_force_next_flush()');
		expect(await deadlocks()).toBe(0);
		expect(await shop.stockDifferences()).toEqual([]);
	}, 400_000);
});
