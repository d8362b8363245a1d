import { markPaid, type MarkPaidResult } from '../src/orders/orders.ts';
import type { Database } from '@autopilot/postgres';

/** Answers are of many shapes, which the expectations check. */
type Answer = ReturnType<typeof JSON.parse>;

interface Store {
	db: Database;
	call(
		method: 'GET' | 'POST',
		url: string,
		payload?: object,
	): Promise<{ status: number; body: Answer }>;
}

export const cause = { correlationId: 'test' };
export const ORDERS = '/api/v1/orders';

export interface Goods {
	sku: string;
	stock?: number;
	amount?: number;
	currency?: string;
	delivery?: 'physical' | 'digital';
	tracksStock?: boolean;
}

/** What the tests of orders do again and again, on the store's API. */
export function shopOf(store: Store) {
	const { db, call } = store;
	return {
		/** A published product with these variants. */
		async sell(...goods: Goods[]) {
			const { status, body } = await call('POST', '/api/v1/products', {
				title: `Product ${goods[0]?.sku}`,
				status: 'published',
				variants: goods.map(({ amount = 1000, currency = 'EUR', ...variant }) => ({
					...variant,
					price: { amount, currency },
				})),
			});
			if (status !== 201) throw new Error(JSON.stringify(body));
			return body;
		},
		/** Orders so many of each SKU. */
		order: (lines: Record<string, number>, more: object = {}) =>
			call('POST', ORDERS, {
				email: 'ann@example.com',
				lines: Object.entries(lines).map(([sku, quantity]) => ({ sku, quantity })),
				...more,
			}),
		pay: (id: string, paymentId = `payment of ${id}`): Promise<MarkPaidResult> =>
			db.transaction(async (tx) => {
				const { rows } = await tx.query<{ amount: number; currency: string }>(
					'SELECT total AS amount, currency FROM orders WHERE id = $1',
					[id],
				);
				const { amount, currency } = rows[0] ?? { amount: 0, currency: 'EUR' };
				return markPaid(tx, id, { paymentId, amount, currency, at: new Date() }, cause);
			}),
		/** Lets an order's time be over, for the sweep to find. */
		lapse: (id: string) =>
			db.query(`UPDATE orders SET expires_at = now() - interval '1 second' WHERE id = $1`, [id]),
		async stockOf(sku: string) {
			const { rows } = await db.query<{ stock: number; reserved: number }>(
				'SELECT stock, reserved FROM variants WHERE sku = $1',
				[sku],
			);
			return rows[0];
		},
		/** Variants whose columns are not what reservations and movements say. */
		async stockDifferences() {
			return (await db.query('SELECT * FROM stock_differences')).rows;
		},
		async eventsOf(aggregateId: string) {
			const { rows } = await db.query<{ type: string; data: Record<string, unknown> }>(
				'SELECT type, data FROM outbox WHERE aggregate_id = $1 ORDER BY seq',
				[aggregateId],
			);
			return rows;
		},
	};
}
