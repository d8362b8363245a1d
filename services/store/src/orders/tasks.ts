import type { Database } from '@autopilot/postgres';
import { deleteOldCarts } from '../carts/store.ts';
import type { Task } from '../schedule/schedule.ts';
import { markExpired, tell } from './payment.ts';
import { dueForExpiry, nextAbandoned } from './sweep-store.ts';

const BATCH = 200;
const CART_DAYS = 60;

/** What the worker does with orders by itself. */
export function orderTasks({ abandonedAfterSeconds }: { abandonedAfterSeconds: number }): Task[] {
	return [
		{ name: 'orders.expire', everyMs: 5000, run: (db) => expireOrders(db) },
		{
			name: 'orders.abandoned',
			everyMs: 30_000,
			run: (db) => tellAbandoned(db, { abandonedAfterSeconds }),
		},
		{ name: 'carts.delete', everyMs: 86_400_000, run: (db) => deleteOldCarts(db, CART_DAYS) },
	];
}

/**
 * Expires what is due, each order in a transaction of its own: the stock rows of one are let go before those of the
 * next are locked.
 */
export async function expireOrders(db: Database): Promise<void> {
	for (;;) {
		const due = await dueForExpiry(db, BATCH);
		for (const { id, correlationId } of due) {
			await db.transaction((tx) => markExpired(tx, id, { correlationId }));
		}
		if (due.length < BATCH) return;
	}
}

/** Tells `order.abandoned` for orders whose buyer has not come back, once each, for a mail that reminds them. */
export async function tellAbandoned(
	db: Database,
	{ abandonedAfterSeconds }: { abandonedAfterSeconds: number },
): Promise<void> {
	const tellNext = () =>
		db.transaction(async (tx) => {
			const order = await nextAbandoned(tx, abandonedAfterSeconds);
			if (order === undefined) return false;
			await tell(tx, order, 'order.abandoned', { correlationId: order.correlationId });
			return true;
		});
	while (await tellNext());
}
