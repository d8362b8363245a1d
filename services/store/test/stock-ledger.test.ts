import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Problem } from '@autopilot/http';
import { until } from '@autopilot/postgres/testing';
import {
	cancelOrder,
	createOrder,
	markExpired,
	markPaid,
	recordRefund,
} from '../src/orders/orders.ts';
import { changeStock } from '../src/products/products.ts';
import { cause, shopOf } from './shop.ts';
import { startStoreApp } from './store-app.ts';

// By hand: STOCK_OPERATIONS=10000.
const OPERATIONS = Number(process.env.STOCK_OPERATIONS ?? 2000);
const AT_ONCE = 8;

let store: Awaited<ReturnType<typeof startStoreApp>>;
beforeAll(async () => {
	store = await startStoreApp();
});
afterAll(() => store.close());

/** A number from 0 to `below`, the same in every run. */
function dice(seed: number) {
	let state = seed;
	return (below: number) => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return Math.floor((state / 2 ** 32) * below);
	};
}

it(`proves every stock from its history after ${OPERATIONS} random operations at once`, async () => {
	const shop = shopOf(store);
	const skus = Array.from({ length: 8 }, (_, index) => `S-${index}`);
	const { variants } = await shop.sell(...skus.map((sku) => ({ sku, stock: 40 })));
	const orders: string[] = [];
	let refused = 0;
	const operation = async (roll: ReturnType<typeof dice>) => {
		const order = orders[roll(orders.length)];
		const kind = order === undefined ? 0 : roll(10);
		if (kind <= 3) {
			const count = 1 + roll(3);
			const lines = Array.from({ length: count }, () => ({
				sku: skus[roll(skus.length)] ?? 'S-0',
				quantity: 1 + roll(3),
			}));
			const made = await store.db.transaction((tx) =>
				createOrder(tx, { email: `s${roll(5)}@example.com`, lines }, cause),
			);
			orders.push(made.id);
		} else if (order !== undefined && kind <= 5) {
			const payment = { paymentId: order, amount: 100, currency: 'EUR', at: new Date() };
			await store.db.transaction((tx) => markPaid(tx, order, payment, cause));
		} else if (order !== undefined && kind === 6) {
			await store.db.transaction((tx) => cancelOrder(tx, order, { refund: true }, cause));
		} else if (order !== undefined && kind === 7) {
			await store.db.transaction((tx) => markExpired(tx, order, cause));
		} else if (order !== undefined && kind === 8) {
			await store.db.transaction((tx) => recordRefund(tx, order, { amount: 50 }, cause));
		} else {
			const change = { delta: roll(21) - 8, reason: 'count' };
			const id = variants[roll(variants.length)].id;
			await store.db.transaction((tx) => changeStock(tx, id, change, cause));
		}
	};
	await Promise.all(
		Array.from({ length: AT_ONCE }, async (_, worker) => {
			const roll = dice(worker + 1);
			for (let i = 0; i < OPERATIONS / AT_ONCE; i++) {
				try {
					await operation(roll);
				} catch (error) {
					// Refusals are part of the game; anything else is not.
					const expected =
						error instanceof Problem ||
						(error instanceof Error && error.message.includes('orders_refund_within_capture'));
					if (!expected) throw error;
					refused++;
				}
			}
		}),
	);
	expect(refused).toBeLessThan(OPERATIONS * 0.9);
	expect(orders.length).toBeGreaterThan(OPERATIONS / 20);
	expect(await shop.stockDifferences()).toEqual([]);
	const { rows } = await store.db.query<{ settled: boolean; sound: boolean }>(
		`SELECT (SELECT bool_and(state = settled) FROM reservations) AS settled,
			(SELECT bool_and(reserved BETWEEN 0 AND stock) FROM variants) AS sound`,
	);
	expect(rows).toEqual([{ settled: true, sound: true }]);
}, 900_000);

it('locks the stock before the coupon when an order ends, as when it is placed', async () => {
	const shop = shopOf(store);
	await shop.sell({ sku: 'BOTH', stock: 5 });
	await store.call('POST', '/api/v1/coupons', { code: 'BOTH', kind: 'percent', basisPoints: 500 });
	const { id } = (await shop.order({ BOTH: 1 }, { couponCode: 'BOTH' })).body;
	const isFree = async (sql: string) => {
		const { rows } = await store.db.query(`${sql} FOR UPDATE SKIP LOCKED`);
		return rows.length === 1;
	};
	const cancelled = await store.db.transaction(async (tx) => {
		await tx.query(`SELECT FROM coupons WHERE code = 'BOTH' FOR UPDATE`);
		const cancelling = store.call('POST', `/api/v1/orders/${id}/cancel`, {});
		await until(async () => {
			const { rows } = await store.db.query(
				`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
			);
			return rows.length === 1;
		});
		expect(await isFree(`SELECT FROM orders WHERE id = '${id}'`)).toBe(false);
		expect(await isFree(`SELECT FROM variants WHERE sku = 'BOTH'`)).toBe(false);
		return { cancelling };
	});
	expect(await cancelled.cancelling).toMatchObject({ status: 200 });
	const { rows } = await store.db.query(`SELECT redeemed FROM coupons WHERE code = 'BOTH'`);
	expect(rows).toEqual([{ redeemed: 0 }]);
});
