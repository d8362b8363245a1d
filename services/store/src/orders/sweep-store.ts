import type { Queryable, Tx } from '@autopilot/postgres';
import type { Order } from './schema.ts';
import { findOrder } from './store.ts';

/** Orders whose time is over, the longest overdue first. Not locked: `markExpired` looks again. */
export async function dueForExpiry(
	db: Queryable,
	limit: number,
): Promise<{ id: string; correlationId: string }[]> {
	const { rows } = await db.query<{ id: string; correlationId: string }>(
		`SELECT id, correlation_id AS "correlationId" FROM orders
		WHERE status IN ('created', 'pending_payment') AND expires_at <= now()
		ORDER BY expires_at LIMIT $1`,
		[limit],
	);
	return rows;
}

/** How long after it was due a reminder still makes sense, e.g. when no worker ran meanwhile. */
const STALE_HOURS = 24;

/**
 * Takes the next order to remind its buyer of: not paid, nor its money under way, long enough ago, and the buyer has
 * not bought since.
 * @returns undefined when there is none
 */
export async function nextAbandoned(tx: Tx, afterSeconds: number): Promise<Order | undefined> {
	const { rows } = await tx.query<{ id: string }>(
		`UPDATE orders SET abandoned_at = now() WHERE id = (
			SELECT o.id FROM orders o
			WHERE o.abandoned_at IS NULL AND o.status IN ('created', 'pending_payment', 'expired')
				AND o.created_at <= now() - make_interval(secs => $1)
				AND o.created_at > now() - make_interval(secs => $1, hours => $2)
				AND NOT EXISTS (
					SELECT FROM payments p WHERE p.order_id = o.id AND p.kind = 'order' AND p.status = 'pending'
				)
				AND NOT EXISTS (
					SELECT FROM orders later WHERE lower(later.email) = lower(o.email) AND later.id > o.id
						AND later.status NOT IN ('cancelled')
				)
			ORDER BY o.created_at LIMIT 1 FOR UPDATE SKIP LOCKED
		) RETURNING id`,
		[afterSeconds, STALE_HOURS],
	);
	const [row] = rows;
	return row === undefined ? undefined : findOrder(tx, row.id);
}
