import type { Queryable, Tx } from '@autopilot/postgres';
import type { CreateSuppression, ListSuppressions, Suppression } from './schema.ts';

type Row = Omit<Suppression, 'createdAt'> & { createdAt: Date };

const COLUMNS = 'id, email, reason, created_at AS "createdAt"';

/** Suppresses an address; one that is suppressed already stays as it is. */
export async function insertSuppression(
	tx: Tx,
	{ email, reason }: CreateSuppression,
): Promise<{ suppression: Suppression; created: boolean }> {
	const { rows } = await tx.query<Row & { created: boolean }>(
		`INSERT INTO suppressions AS s (email_hash, email, reason) VALUES (email_hash($1), $1, $2)
		ON CONFLICT (email_hash) DO UPDATE SET email = EXCLUDED.email
		RETURNING ${COLUMNS}, xmax = 0 AS created`,
		[email, reason],
	);
	const [row] = rows;
	if (row === undefined) throw new Error('INSERT ... RETURNING gave no row.');
	const { created, ...suppression } = row;
	return { suppression: toSuppression(suppression), created };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @param emailOrId  of which the address may be in any case */
export async function deleteSuppression(tx: Tx, emailOrId: string): Promise<boolean> {
	// One column each: with both in one condition the whole table is read.
	const which = UUID.test(emailOrId) ? 'id = $1' : 'email_hash = email_hash($1)';
	const { rowCount } = await tx.query(`DELETE FROM suppressions WHERE ${which}`, [emailOrId]);
	return rowCount !== 0;
}

/** The newest first; up to `limit + 1`. */
export async function selectSuppressions(
	db: Queryable,
	{ cursor, limit }: ListSuppressions,
): Promise<Suppression[]> {
	const { rows } = await db.query<Row>(
		`SELECT ${COLUMNS} FROM suppressions WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2`,
		[cursor ?? null, limit + 1],
	);
	return rows.map(toSuppression);
}

function toSuppression(row: Row): Suppression {
	return { ...row, createdAt: row.createdAt.toISOString() };
}
