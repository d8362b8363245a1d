import { createHash } from 'node:crypto';
import type { Queryable, Tx } from '@autopilot/postgres';
import type { Device } from './schema.ts';

export interface DeviceRow {
	id: string;
	licenseId: string;
	fingerprintHash: Buffer;
	label: string | null;
	metadata: Record<string, string>;
	createdAt: Date;
	lastSeenAt: Date;
}

const COLUMNS = `id, license_id AS "licenseId", fingerprint_hash AS "fingerprintHash", label, metadata,
	created_at AS "createdAt", last_seen_at AS "lastSeenAt"`;

/** As it is stored, and as it stands in licence files; `packages/license-client` hashes the same. */
export function hashFingerprint(fingerprint: string): Buffer {
	return createHash('sha256').update(`autopilot-license/fingerprint/v1\n${fingerprint}`).digest();
}

export async function findDevice(db: Queryable, id: string): Promise<DeviceRow | undefined> {
	const { rows } = await db.query<DeviceRow>(`SELECT ${COLUMNS} FROM activations WHERE id = $1`, [
		id,
	]);
	return rows[0];
}

export async function findDeviceOf(
	db: Queryable,
	licenseId: string,
	fingerprintHash: Buffer,
): Promise<DeviceRow | undefined> {
	const { rows } = await db.query<DeviceRow>(
		`SELECT ${COLUMNS} FROM activations WHERE license_id = $1 AND fingerprint_hash = $2`,
		[licenseId, fingerprintHash],
	);
	return rows[0];
}

/** Those seen longest ago first: who takes over, takes the first one's seat. */
export async function selectDevices(db: Queryable, licenseId: string): Promise<DeviceRow[]> {
	const { rows } = await db.query<DeviceRow>(
		`SELECT ${COLUMNS} FROM activations WHERE license_id = $1 ORDER BY last_seen_at, id`,
		[licenseId],
	);
	return rows;
}

/** The licence must be locked: its count moves with the row. */
export async function insertDevice(
	tx: Tx,
	licenseId: string,
	device: {
		fingerprintHash: Buffer;
		label: string | null;
		metadata: Record<string, string>;
	},
): Promise<DeviceRow> {
	const { rows } = await tx.query<DeviceRow>(
		`WITH counted AS (
			UPDATE licenses SET device_count = device_count + 1,
				activation_window = CASE WHEN activation_window > now() - interval '1 hour'
					THEN activation_window ELSE now() END,
				activation_window_count = CASE WHEN activation_window > now() - interval '1 hour'
					THEN activation_window_count + 1 ELSE 1 END
			WHERE id = $1
		)
		INSERT INTO activations (license_id, fingerprint_hash, label, metadata)
		VALUES ($1, $2, $3, $4) RETURNING ${COLUMNS}`,
		[licenseId, device.fingerprintHash, device.label, device.metadata],
	);
	const [row] = rows;
	if (row === undefined) throw new Error('INSERT ... RETURNING gave no row.');
	return row;
}

/** @returns false when it was gone already */
export async function deleteDevice(tx: Tx, device: DeviceRow): Promise<boolean> {
	const { rowCount } = await tx.query(
		`WITH gone AS (DELETE FROM activations WHERE id = $1 RETURNING license_id)
		UPDATE licenses SET device_count = device_count - 1 FROM gone WHERE licenses.id = gone.license_id`,
		[device.id],
	);
	return rowCount === 1;
}

/** All devices of a licence at once. */
export async function removeDevices(tx: Tx, licenseId: string): Promise<void> {
	await tx.query('DELETE FROM activations WHERE license_id = $1', [licenseId]);
	await tx.query('UPDATE licenses SET device_count = 0 WHERE id = $1', [licenseId]);
}

/** Notes that devices were seen, for many at once. */
export async function touchDevices(db: Queryable, ids: readonly string[]): Promise<void> {
	await db.query('UPDATE activations SET last_seen_at = now() WHERE id = ANY($1::uuid[])', [ids]);
}

export function toDevice({ fingerprintHash, ...row }: DeviceRow): Device {
	return {
		...row,
		fingerprintPreview: fingerprintHash.toString('hex').slice(0, 8),
		createdAt: row.createdAt.toISOString(),
		lastSeenAt: row.lastSeenAt.toISOString(),
	};
}
