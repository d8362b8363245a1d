import { queueCallback, secretOf } from '@autopilot/events';
import type { Tx } from '@autopilot/postgres';
import type { Order } from '../orders/schema.ts';
import type { Until } from './schema.ts';
import { endWaits, finishedWait, insertWait, type Wait } from './store.ts';

const ENDED: readonly Order['status'][] = [
	...(['cancelled', 'expired', 'refunded', 'partially_refunded', 'stock_failed'] as const),
];
const BOTH: readonly Until[] = ['shipped', 'delivered'];

/** Lets a flow sleep until an order has come so far; it is woken at once when it has already. */
export async function waitForOrder(
	tx: Tx,
	order: Order,
	wait: Omit<Wait, 'orderId'>,
): Promise<void> {
	await insertWait(tx, { ...wait, orderId: order.id });
	await wakeWaiting(tx, order);
}

/** Wakes the flows that wait for what the order has become, also when that is something they did not hope for. */
export async function wakeWaiting(tx: Tx, order: Order): Promise<void> {
	const reached = reachedBy(order);
	if (reached.length === 0) return;
	for (const url of await endWaits(tx, order.id, reached)) {
		const wait = await finishedWait(tx, url);
		if (wait?.keyHash == null) continue;
		await queueCallback(tx, {
			url,
			// Signed as the end of a job is: with what both sides know of each other.
			secret: secretOf(wait.keyHash),
			body: { type: 'order.reached', timestamp: new Date().toISOString(), data: { order } },
			correlationId: wait.correlationId,
		});
	}
}

function reachedBy({ status, shipments }: Order): readonly Until[] {
	if (ENDED.includes(status) || status === 'delivered') return BOTH;
	if (status !== 'shipped') return [];
	// Parcels that all have ended, and not all of them well: nobody will ever tell that it was delivered.
	const lost = shipments.some((one) => one.status === 'failed' || one.status === 'returned');
	const over = shipments.every((one) => ['delivered', 'failed', 'returned'].includes(one.status));
	return lost && over ? BOTH : ['shipped'];
}
