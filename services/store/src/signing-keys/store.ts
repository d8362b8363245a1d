import type { Queryable, Tx } from '@autopilot/postgres';

export interface SigningKeyRow {
	kid: string;
	publicKey: Buffer;
	privateKeySealed: Buffer;
	createdAt: Date;
	activeFrom: Date;
	revokedAt: Date | null;
}

const COLUMNS = `kid, public_key AS "publicKey", private_key_sealed AS "privateKeySealed",
	created_at AS "createdAt", active_from AS "activeFrom", revoked_at AS "revokedAt"`;

/** The newest first. */
export async function selectSigningKeys(db: Queryable): Promise<SigningKeyRow[]> {
	const { rows } = await db.query<SigningKeyRow>(
		`SELECT ${COLUMNS} FROM signing_keys ORDER BY active_from DESC, kid`,
	);
	return rows;
}

/** Keys that files which still run are signed with. */
export async function selectKidsInUse(db: Queryable): Promise<string[]> {
	const { rows } = await db.query<{ kid: string }>(
		`SELECT kid FROM signing_keys k WHERE EXISTS (
			SELECT 1 FROM license_files f WHERE f.kid = k.kid AND f.expires_at > now())`,
	);
	return rows.map(({ kid }) => kid);
}

/** One at a time, so that processes that boot together make one key. */
export async function lockSigningKeys(tx: Tx): Promise<void> {
	await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('signing_keys', 0))`);
}

export async function insertSigningKey(
	tx: Tx,
	key: { kid: string; publicKey: Buffer; privateKeySealed: Buffer; activeAfterSeconds: number },
): Promise<SigningKeyRow> {
	const { rows } = await tx.query<SigningKeyRow>(
		`INSERT INTO signing_keys (kid, public_key, private_key_sealed, active_from)
		VALUES ($1, $2, $3, now() + make_interval(secs => $4)) RETURNING ${COLUMNS}`,
		[key.kid, key.publicKey, key.privateKeySealed, key.activeAfterSeconds],
	);
	const [row] = rows;
	if (row === undefined) throw new Error('INSERT ... RETURNING gave no row.');
	return row;
}

export async function revokeSigningKeyRow(tx: Tx, kid: string): Promise<SigningKeyRow | undefined> {
	const { rows } = await tx.query<SigningKeyRow>(
		`UPDATE signing_keys SET revoked_at = coalesce(revoked_at, now()) WHERE kid = $1
		RETURNING ${COLUMNS}`,
		[kid],
	);
	return rows[0];
}
