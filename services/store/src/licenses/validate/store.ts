import { type Queryable, statement } from '@autopilot/postgres';
import type { Terms } from '../../license-policies/schema.ts';
import type { LicenseStatus } from '../schema.ts';

/** What a question about a licence needs to know, and no more. */
export interface Found {
	id: string;
	productId: string | null;
	productTitle: string;
	status: LicenseStatus;
	terms: Terms;
	maxDevices: number | null;
	maxDownloads: number | null;
	deviceCount: number;
	downloadCount: number;
	startsAt: Date;
	expiresAt: Date | null;
	endsAt: Date | null;
	/** Activation of the fingerprint that asks. */
	activationId: string | null;
	usage: { counter: string; periodStart: string; used: number }[] | null;
	/** It was not asked for within the last minute. */
	stale: boolean;
}

const COLUMNS = `l.id, l.product_id AS "productId", l.product_title AS "productTitle", l.status, l.terms,
	l.max_devices AS "maxDevices", l.max_downloads AS "maxDownloads", l.device_count AS "deviceCount",
	l.download_count AS "downloadCount", l.starts_at AS "startsAt", l.expires_at AS "expiresAt",
	l.ends_at AS "endsAt", a.id AS "activationId",
	CASE WHEN l.terms -> 'counters' <> '{}' THEN (
		SELECT jsonb_agg(jsonb_build_object('counter', counter, 'periodStart', period_start, 'used', used))
		FROM license_usage u WHERE u.license_id = l.id AND u.period_start >= date_trunc('year', now(), 'UTC')
			OR u.license_id = l.id AND u.period_start = to_timestamp(0)
	) END AS usage,
	coalesce(l.last_validated_at < now() - interval '1 minute', true) AS stale`;

const BY_KEY = statement(`SELECT ${COLUMNS} FROM licenses l
	LEFT JOIN activations a ON a.license_id = l.id AND a.fingerprint_hash = $2
	WHERE l.key_hash = $1`);

/** One query, by the hash of the key: nobody learns from the time it takes what a key looks like. */
export async function findByKey(
	db: Queryable,
	keyHash: Buffer,
	fingerprintHash: Buffer | null,
): Promise<Found | undefined> {
	const { rows } = await db.query<Found>(BY_KEY, [keyHash, fingerprintHash]);
	return rows[0];
}

const BY_ACTIVATION = statement(`SELECT ${COLUMNS} FROM activations a
	JOIN licenses l ON l.id = a.license_id
	WHERE a.id = $1 AND ($2::bytea IS NULL OR l.key_hash = $2)`);

/** @param keyHash  must be the licence's, unless it is null */
export async function findByActivation(
	db: Queryable,
	activationId: string,
	keyHash: Buffer | null,
): Promise<Found | undefined> {
	const { rows } = await db.query<Found>(BY_ACTIVATION, [activationId, keyHash]);
	return rows[0];
}

export async function touchLicenses(db: Queryable, ids: readonly string[]): Promise<void> {
	await db.query('UPDATE licenses SET last_validated_at = now() WHERE id = ANY($1::uuid[])', [ids]);
}
