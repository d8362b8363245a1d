import type { Database } from '@autopilot/postgres';
import type { Task } from '../schedule/schedule.ts';
import { tellStock } from './products.ts';
import { takeUntoldStock } from './stock-store.ts';

const BATCH = 1000;

/** What the worker does with products by itself. */
export function productTasks(): Task[] {
	return [{ name: 'stock.tell', everyMs: 2000, run: tellStockChanges }];
}

/** Tells `stock.changed` for what orders have moved: once for a product, however many orders it were. */
export async function tellStockChanges(db: Database): Promise<void> {
	const tellBatch = () =>
		db.transaction(async (tx) => {
			const { moved, products } = await takeUntoldStock(tx, BATCH);
			for (const { productId, correlationId } of products) {
				await tellStock(tx, productId, { correlationId });
			}
			return moved;
		});
	while ((await tellBatch()) === BATCH);
}
