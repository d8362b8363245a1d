import { statement, type Tx } from '@autopilot/postgres';

// The variants' columns follow at commit: see settle_reservations in migrations/0013_settle_once.sql.
const RELEASE = statement(
	`UPDATE reservations SET state = 'released' WHERE order_id = $1 AND state <> 'released'`,
);

/** What the order holds or has taken goes back into the stock. */
export async function releaseStock(tx: Tx, orderId: string): Promise<void> {
	await tx.query(RELEASE, [orderId]);
}

/**
 * Holds again what was given back, in one conditional statement as for a new order: all of it or nothing.
 * @returns false when something is sold out by now
 */
export async function reserveAgain(tx: Tx, orderId: string): Promise<boolean> {
	const { rows } = await tx.query<{ ok: boolean }>(
		`WITH wanted AS MATERIALIZED (
			SELECT r.variant_id, r.quantity FROM reservations r LEFT JOIN variants v ON v.id = r.variant_id
			WHERE r.order_id = $1 AND r.state = 'released' AND coalesce(v.tracks_stock, true)
		), locked AS MATERIALIZED (
			SELECT v.id, v.stock - v.reserved AS available FROM variants v
			WHERE v.id IN (SELECT variant_id FROM wanted) ORDER BY v.sku FOR NO KEY UPDATE
		), enough AS MATERIALIZED (
			SELECT coalesce(bool_and(coalesce(k.available >= w.quantity, false)), true) AS ok
			FROM wanted w LEFT JOIN locked k ON k.id = w.variant_id
		), reserved AS (
			UPDATE variants v SET reserved = v.reserved + w.quantity FROM wanted w, enough
			WHERE v.id = w.variant_id AND enough.ok
		), held AS (
			UPDATE reservations r SET state = 'held', settled = 'held' FROM wanted w, enough
			WHERE r.order_id = $1 AND r.variant_id = w.variant_id AND enough.ok
		)
		SELECT ok FROM enough`,
		[orderId],
	);
	return rows[0]?.ok === true;
}
