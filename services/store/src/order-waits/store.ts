import type { Tx } from '@autopilot/postgres';
import type { Until } from './schema.ts';

export interface Wait {
	url: string;
	orderId: string;
	until: Until;
	count: number;
	apiKeyId: string;
	correlationId: string;
}

export async function insertWait(tx: Tx, wait: Wait): Promise<void> {
	await tx.query(
		`INSERT INTO order_waits (url, order_id, until, count, api_key_id, correlation_id)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
		[wait.url, wait.orderId, wait.until, wait.count, wait.apiKeyId, wait.correlationId],
	);
}

/** Ends the waits for an order that has come so far. @returns their URLs */
export async function endWaits(
	tx: Tx,
	orderId: string,
	reached: readonly Until[],
): Promise<string[]> {
	const { rows } = await tx.query<{ url: string }>(
		`UPDATE order_waits SET ended_at = now()
		WHERE order_id = $1 AND until = ANY($2) AND ended_at IS NULL RETURNING url`,
		[orderId, reached],
	);
	return rows.map(({ url }) => url);
}

/** Whoever waited for the order, or came in their place, has done all that was to be done. */
export async function attendWaits(tx: Tx, orderId: string): Promise<void> {
	await tx.query(
		`UPDATE order_waits SET attended_at = now()
		WHERE order_id = $1 AND ended_at IS NOT NULL AND attended_at IS NULL`,
		[orderId],
	);
}

/**
 * The wait of a URL if all that it waits for has ended. Locks the URL until the transaction ends: of two orders that
 * end at once, the second sees the first.
 */
export async function finishedWait(
	tx: Tx,
	url: string,
): Promise<{ correlationId: string; keyHash: Buffer | null } | undefined> {
	await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [url]);
	const { rows } = await tx.query<{ correlationId: string; keyHash: Buffer | null }>(
		`SELECT min(w.correlation_id) AS "correlationId",
			(SELECT hash FROM api_keys k WHERE k.id = min(w.api_key_id::text)::uuid) AS "keyHash"
		FROM order_waits w WHERE url = $1 HAVING count(ended_at) >= max(count)`,
		[url],
	);
	return rows[0];
}
