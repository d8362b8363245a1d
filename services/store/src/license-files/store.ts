import type { Queryable, Tx } from '@autopilot/postgres';

/**
 * Puts licence files on the revocation list: all of a licence, or those of one device.
 * A file can't be taken back; clients that have fetched the list refuse it.
 */
export async function revokeFiles(
	tx: Tx,
	licenseId: string,
	fingerprintHash: Buffer | null = null,
): Promise<void> {
	await tx.query(
		`UPDATE license_files SET revoked_at = now()
		WHERE license_id = $1 AND revoked_at IS NULL AND expires_at > now()
			AND ($2::bytea IS NULL OR fingerprint_hash = $2)`,
		[licenseId, fingerprintHash],
	);
}

/** Numbers and notes a file. The licence must be locked. */
export async function insertFile(
	tx: Tx,
	file: {
		licenseId: string;
		kid: string;
		fingerprintHash: Buffer | null;
		issuedAt: Date;
		expiresAt: Date;
	},
): Promise<{ id: string; seq: number }> {
	const { rows } = await tx.query<{ id: string; seq: number }>(
		`WITH counted AS (
			UPDATE licenses SET file_seq = file_seq + 1 WHERE id = $1 RETURNING file_seq
		)
		INSERT INTO license_files (license_id, seq, kid, fingerprint_hash, issued_at, expires_at)
		SELECT $1, file_seq, $2, $3, $4, $5 FROM counted RETURNING id, seq`,
		[file.licenseId, file.kid, file.fingerprintHash, file.issuedAt, file.expiresAt],
	);
	const [row] = rows;
	if (row === undefined) throw new Error('A locked licence vanished.');
	return row;
}

/** What is revoked among files that still run; others are refused for their age. */
export async function selectRevoked(
	db: Queryable,
): Promise<{ licenses: string[]; files: string[] }> {
	const { rows } = await db.query<{ licenses: string[] | null; files: string[] | null }>(
		`SELECT array_agg(DISTINCT l.id) FILTER (WHERE l.status IN ('revoked', 'suspended')) AS licenses,
			array_agg(f.id) FILTER (WHERE f.revoked_at IS NOT NULL
				AND l.status NOT IN ('revoked', 'suspended')) AS files
		FROM license_files f JOIN licenses l ON l.id = f.license_id
		WHERE f.expires_at > now() AND (f.revoked_at IS NOT NULL OR l.status IN ('revoked', 'suspended'))`,
	);
	return { licenses: rows[0]?.licenses ?? [], files: rows[0]?.files ?? [] };
}
