import type { Queryable, Tx } from '@autopilot/postgres';

export interface StoredAnswer {
	status: number;
	contentType: string;
	body: string;
}

export interface IdempotencyKey {
	callerId: string;
	key: string;
	requestHash: Buffer;
}

/** How long the first answer is given again. */
export const KEPT_HOURS = 24;

/**
 * Claims a key for this transaction. A second request with the same key waits here, on the unique index,
 * until the first has committed (then it finds its answer) or rolled back (then it runs itself).
 * @returns undefined when the key is ours now, otherwise what is known of the first request
 */
export async function claimKey(
	tx: Tx,
	{ callerId, key, requestHash }: IdempotencyKey,
): Promise<{ requestHash: Buffer; answer: StoredAnswer } | undefined> {
	const { rowCount } = await tx.query(
		`INSERT INTO idempotency_keys AS k (api_key_id, key, request_hash) VALUES ($1, $2, $3)
		ON CONFLICT (api_key_id, key) DO UPDATE
			SET request_hash = EXCLUDED.request_hash, created_at = now()
			WHERE k.created_at < now() - make_interval(hours => $4)`,
		[callerId, key, requestHash, KEPT_HOURS],
	);
	if (rowCount === 1) return undefined;
	const { rows } = await tx.query<StoredAnswer & { requestHash: Buffer }>(
		`SELECT request_hash AS "requestHash", status, content_type AS "contentType", body
		FROM idempotency_keys WHERE api_key_id = $1 AND key = $2`,
		[callerId, key],
	);
	const [row] = rows;
	if (row === undefined) throw new Error('An idempotency key vanished while it was read.');
	const { requestHash: firstHash, ...answer } = row;
	return { requestHash: firstHash, answer };
}

export async function storeAnswer(
	tx: Tx,
	{ callerId, key }: IdempotencyKey,
	answer: StoredAnswer,
): Promise<void> {
	await tx.query(
		`UPDATE idempotency_keys SET status = $3, content_type = $4, body = $5
		WHERE api_key_id = $1 AND key = $2`,
		[callerId, key, answer.status, answer.contentType, answer.body],
	);
}

/** Deletes what is older than it is kept for. */
export async function deleteExpiredKeys(db: Queryable): Promise<void> {
	await db.query(
		`DELETE FROM idempotency_keys WHERE created_at < now() - make_interval(hours => $1)`,
		[KEPT_HOURS],
	);
}
