import type { Queryable, Tx } from '@autopilot/postgres';
import type { BeginLaunch, Launch, ListLaunches, TakeUpLaunch, UpdateLaunch } from './schema.ts';

type Row = Omit<Launch, 'startedAt' | 'updatedAt' | 'quietUntil' | 'endedAt'> & {
	startedAt: Date;
	updatedAt: Date;
	quietUntil: Date;
	endedAt: Date | null;
};

const COLUMNS = `l.product_id AS "productId", l.state, l.step, l.reason, l.run, l.attempts, l.started_at AS "startedAt",
	l.updated_at AS "updatedAt", l.quiet_until AS "quietUntil", l.ended_at AS "endedAt"`;

/**
 * A failed launch starts anew. One that runs is gone on with, and so is one that has succeeded: whatever was made for
 * it under its start can be found again. Whoever took it up has said how long the next one is to wait: that holds.
 */
export async function upsertLaunch(
	tx: Tx,
	productId: string,
	{ run, step, quietMinutes }: BeginLaunch,
): Promise<Launch> {
	const { rows } = await tx.query<Row>(
		`INSERT INTO launches AS l (product_id, state, step, run, quiet_until)
		VALUES ($1, 'running', $2, $3, now() + make_interval(mins => $4))
		ON CONFLICT (product_id) DO UPDATE SET state = 'running', step = EXCLUDED.step, run = EXCLUDED.run,
			quiet_until = greatest(EXCLUDED.quiet_until, CASE WHEN l.state = 'running' THEN l.quiet_until END),
			updated_at = now(), ended_at = NULL, reason = NULL,
			attempts = CASE WHEN l.state = 'running' THEN l.attempts ELSE 1 END,
			started_at = CASE WHEN l.state = 'failed' THEN now() ELSE l.started_at END
		RETURNING ${COLUMNS}`,
		[productId, step, run, quietMinutes],
	);
	const [row] = rows;
	if (row === undefined) throw new Error('INSERT ... RETURNING gave no row.');
	return toLaunch(row);
}

/** @returns undefined for a product that was never launched */
export async function updateLaunchRow(
	tx: Tx,
	productId: string,
	{ step, quietMinutes, state, reason }: UpdateLaunch,
): Promise<Launch | undefined> {
	const { rows } = await tx.query<Row>(
		`UPDATE launches l SET state = $2, step = coalesce($3, step), reason = $4, updated_at = now(),
			quiet_until = now() + make_interval(mins => $5), ended_at = CASE WHEN $2 <> 'running' THEN now() END
		WHERE product_id = $1 RETURNING ${COLUMNS}`,
		[productId, state, step ?? null, reason ?? null, quietMinutes],
	);
	return rows.map(toLaunch)[0];
}

/** @returns undefined when it does not run, or has had this attempt already */
export async function countAttempt(
	tx: Tx,
	productId: string,
	{ attempt, quietMinutes }: TakeUpLaunch,
): Promise<Launch | undefined> {
	const { rows } = await tx.query<Row>(
		`UPDATE launches l SET attempts = $2, updated_at = now(), quiet_until = now() + make_interval(mins => $3)
		WHERE product_id = $1 AND state = 'running' AND attempts = $2 - 1 RETURNING ${COLUMNS}`,
		[productId, attempt, quietMinutes],
	);
	return rows.map(toLaunch)[0];
}

export async function findLaunch(db: Queryable, productId: string): Promise<Launch | undefined> {
	const { rows } = await db.query<Row>(`SELECT ${COLUMNS} FROM launches l WHERE product_id = $1`, [
		productId,
	]);
	return rows.map(toLaunch)[0];
}

/** Those of the newest products first, up to `limit + 1`. */
export async function selectLaunches(db: Queryable, filter: ListLaunches): Promise<Launch[]> {
	const { rows } = await db.query<Row>(
		`SELECT ${COLUMNS} FROM launches l JOIN products p ON p.id = l.product_id
		WHERE ($1::uuid IS NULL OR l.product_id < $1) AND ($2::text IS NULL OR l.state = $2)
			AND ($3::int IS NULL OR (l.state = 'running' AND p.status <> 'archived'
				AND l.quiet_until < now() - make_interval(mins => $3)))
		ORDER BY l.product_id DESC LIMIT $4`,
		[
			filter.cursor ?? null,
			filter.state ?? null,
			filter.unattendedMinutes ?? null,
			filter.limit + 1,
		],
	);
	return rows.map(toLaunch);
}

function toLaunch(row: Row): Launch {
	return {
		...row,
		startedAt: row.startedAt.toISOString(),
		updatedAt: row.updatedAt.toISOString(),
		quietUntil: row.quietUntil.toISOString(),
		endedAt: row.endedAt?.toISOString() ?? null,
	};
}
