import type { Tx } from '@autopilot/postgres';

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
