import type { Queryable, Tx } from '@autopilot/postgres';

/**
 * Adds to a counter, if its limit allows it, in one statement that no other count can come between.
 * @returns what is used now, or undefined when the limit would be passed
 */
export async function addUsage(
	tx: Tx,
	count: {
		licenseId: string;
		counter: string;
		periodStart: Date;
		n: number;
		limit: number | null;
	},
): Promise<number | undefined> {
	const { rows } = await tx.query<{ used: number }>(
		`INSERT INTO license_usage AS u (license_id, counter, period_start, used)
		SELECT $1, $2, $3, $4::bigint WHERE $5::bigint IS NULL OR $4::bigint <= $5::bigint
		ON CONFLICT (license_id, counter, period_start) DO UPDATE SET used = u.used + $4
			WHERE $5::bigint IS NULL OR u.used + $4 <= $5
		RETURNING used`,
		[count.licenseId, count.counter, count.periodStart, count.n, count.limit],
	);
	return rows[0]?.used;
}

/**
 * Claims an idempotency key; a second call with it waits here for the first.
 * @returns undefined when it is ours now, else what was used after the first call
 */
export async function claimUsageKey(
	tx: Tx,
	record: { licenseId: string; counter: string; key: string; n: number; periodStart: Date },
): Promise<{ n: number; used: number } | undefined> {
	const { rowCount } = await tx.query(
		`INSERT INTO license_usage_records (license_id, counter, idempotency_key, n, period_start)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
		[record.licenseId, record.counter, record.key, record.n, record.periodStart],
	);
	if (rowCount === 1) return undefined;
	const { rows } = await tx.query<{ n: number; used: number }>(
		`SELECT n, used FROM license_usage_records
		WHERE license_id = $1 AND counter = $2 AND idempotency_key = $3`,
		[record.licenseId, record.counter, record.key],
	);
	return rows[0];
}

export async function storeUsage(
	tx: Tx,
	record: { licenseId: string; counter: string; key: string; used: number },
): Promise<void> {
	await tx.query(
		`UPDATE license_usage_records SET used = $4
		WHERE license_id = $1 AND counter = $2 AND idempotency_key = $3`,
		[record.licenseId, record.counter, record.key, record.used],
	);
}

export async function selectUsage(
	db: Queryable,
	licenseId: string,
): Promise<{ counter: string; periodStart: Date; used: number }[]> {
	const { rows } = await db.query<{ counter: string; periodStart: Date; used: number }>(
		`SELECT DISTINCT ON (counter) counter, period_start AS "periodStart", used
		FROM license_usage WHERE license_id = $1 ORDER BY counter, period_start DESC`,
		[licenseId],
	);
	return rows;
}

/** Counts of a day are kept for a while to look at; keys only as long as somebody may repeat a call. */
export async function deleteOldUsage(db: Queryable): Promise<void> {
	await db.query(`DELETE FROM license_usage_records WHERE created_at < now() - interval '7 days'`);
}
