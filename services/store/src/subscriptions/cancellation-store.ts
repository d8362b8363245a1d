import type { Queryable, Tx } from '@autopilot/postgres';

/** Why the store itself ends a subscription. */
export type CancellationReason = 'order_refunded' | 'order_cancelled' | 'payment_rejected';

/**
 * Notes that the gateway must end a subscription at once: all of an order, those that are not known yet included, or
 * the one that is named. The worker asks for it after the commit. Does nothing for an order without a plan, nor twice.
 */
export async function requestCancellation(
	tx: Tx,
	orderId: string,
	reason: CancellationReason,
	only?: { gateway: string; subscriptionRef: string },
): Promise<void> {
	await tx.query(
		`INSERT INTO subscription_cancellations (order_id, reason, gateway, subscription_ref)
		SELECT $1, $2, $3, $4 WHERE EXISTS (SELECT FROM order_lines WHERE order_id = $1 AND plan_id IS NOT NULL)
		ON CONFLICT (order_id, subscription_ref) DO NOTHING`,
		[orderId, reason, only?.gateway ?? null, only?.subscriptionRef ?? null],
	);
}

/** Whether a pay page's money is not what its order needs, so that what is bought there is nothing of the order. */
export async function isUseless(tx: Tx, paymentId: string): Promise<boolean> {
	const { rows } = await tx.query(
		`SELECT FROM payments WHERE id = $1 AND kind = 'order'
			AND (status = 'rejected' OR superseded_at IS NOT NULL)`,
		[paymentId],
	);
	return rows.length > 0;
}

export interface DueCancellation {
	id: string;
	orderId: string;
	attempts: number;
	/** Older than anything that may still come from a gateway. */
	stale: boolean;
	/** What to end; with `isOver` nothing is left to do about it. */
	subscriptions: { gateway: string; subscriptionRef: string; isOver: boolean }[];
}

/** Takes what is due; one that is not settled in `leaseSeconds` is due again. */
export async function claimCancellations(
	db: Queryable,
	{ limit, leaseSeconds }: { limit: number; leaseSeconds: number },
): Promise<DueCancellation[]> {
	const { rows } = await db.query<DueCancellation>(
		`WITH due AS (
			UPDATE subscription_cancellations SET attempts = attempts + 1,
				next_attempt_at = now() + make_interval(secs => $2)
			WHERE id IN (
				SELECT id FROM subscription_cancellations WHERE done_at IS NULL AND next_attempt_at <= now()
				ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED
			)
			RETURNING *
		)
		SELECT d.id, d.order_id AS "orderId", d.attempts, d.requested_at < now() - interval '7 days' AS stale,
			CASE WHEN d.subscription_ref IS NOT NULL THEN jsonb_build_array(jsonb_build_object('gateway', d.gateway,
				'subscriptionRef', d.subscription_ref, 'isOver', false))
			ELSE (SELECT coalesce(jsonb_agg(jsonb_build_object('gateway', s.gateway,
				'subscriptionRef', s.external_ref, 'isOver', s.status = 'cancelled')), '[]')
				FROM subscriptions s WHERE s.order_id = d.order_id) END AS subscriptions
		FROM due d`,
		[limit, leaseSeconds],
	);
	return rows;
}

export async function finishCancellation(db: Queryable, id: string): Promise<void> {
	await db.query(
		'UPDATE subscription_cancellations SET done_at = now(), failure = NULL WHERE id = $1',
		[id],
	);
}

export async function postponeCancellation(
	db: Queryable,
	id: string,
	{ failure, seconds }: { failure: string | null; seconds: number },
): Promise<void> {
	await db.query(
		`UPDATE subscription_cancellations SET failure = $2, next_attempt_at = now() + make_interval(secs => $3)
		WHERE id = $1 AND done_at IS NULL`,
		[id, failure?.slice(0, 500) ?? null, seconds],
	);
}
