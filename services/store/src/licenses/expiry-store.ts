import type { Tx } from '@autopilot/postgres';
import { LICENSE_COLUMNS, type LicenseRow } from './store.ts';

/** Active licences whose end has passed, those that nobody else is working on. */
export async function lockEnded(tx: Tx, limit: number): Promise<LicenseRow[]> {
	const { rows } = await tx.query<LicenseRow>(
		`SELECT ${LICENSE_COLUMNS} FROM licenses WHERE status = 'active' AND ends_at <= now()
		ORDER BY ends_at LIMIT $1 FOR UPDATE SKIP LOCKED`,
		[limit],
	);
	return rows;
}

/**
 * Marks licences that end within so many days as told. One that ends in 2 days is told for 3, not for 14 as well;
 * an end that was moved is told anew.
 */
export async function claimExpiring(
	tx: Tx,
	daysLeft: number,
	limit: number,
): Promise<LicenseRow[]> {
	const { rows } = await tx.query<LicenseRow>(
		`UPDATE licenses SET expiring_told = $1, expiring_told_for = expires_at
		WHERE id IN (
			SELECT id FROM licenses
			WHERE status = 'active' AND expires_at > now()
				AND expires_at <= now() + make_interval(days => $1)
				AND (expiring_told_for IS DISTINCT FROM expires_at OR expiring_told > $1)
				-- A renewal that is on its way is no end.
				AND coalesce(subscription_status, 'ended') IN ('canceled', 'cancelled', 'ended')
			ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED
		)
		RETURNING ${LICENSE_COLUMNS}`,
		[daysLeft, limit],
	);
	return rows;
}
