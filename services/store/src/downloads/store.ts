import { type Queryable, statement, type Tx } from '@autopilot/postgres';
import type { DownloadRecord } from './schema.ts';

export interface IssuedRow {
	id: string;
	expiresAt: Date;
}

/** A link to the same file that was not used to its end and works for a while: it is given again, not counted again. */
export async function findOpenDownload(
	tx: Tx,
	licenseId: string,
	assetId: string,
): Promise<IssuedRow | undefined> {
	const { rows } = await tx.query<IssuedRow>(
		`SELECT id, expires_at AS "expiresAt" FROM downloads
		WHERE license_id = $1 AND asset_id = $2 AND completed_at IS NULL
			AND expires_at > now() + interval '1 minute'
		ORDER BY expires_at DESC LIMIT 1`,
		[licenseId, assetId],
	);
	return rows[0];
}

/** Counts a link against the licence and notes it, in one statement. @returns undefined when none is left */
export async function insertDownload(
	tx: Tx,
	licenseId: string,
	assetId: string,
	ttlSeconds: number,
): Promise<IssuedRow | undefined> {
	const { rows } = await tx.query<IssuedRow>(
		`WITH counted AS (
			UPDATE licenses SET download_count = download_count + 1
			WHERE id = $1 AND (max_downloads IS NULL OR download_count < max_downloads) RETURNING id
		)
		INSERT INTO downloads (license_id, asset_id, expires_at)
		SELECT id, $2, date_trunc('second', now()) + make_interval(secs => $3) FROM counted
		RETURNING id, expires_at AS "expiresAt"`,
		[licenseId, assetId, ttlSeconds],
	);
	return rows[0];
}

/** What is needed to serve a link. */
export interface ServedRow {
	id: string;
	licenseId: string;
	expiresAt: Date;
	bytesServed: number;
	fileName: string;
	contentType: string;
	storageKey: string;
	size: number;
	deleted: boolean;
}

const SERVED = statement(`SELECT d.id, d.license_id AS "licenseId", d.expires_at AS "expiresAt",
	d.bytes_served AS "bytesServed", a.file_name AS "fileName", a.content_type AS "contentType",
	a.storage_key AS "storageKey", a.size, a.deleted_at IS NOT NULL AS deleted
FROM downloads d JOIN assets a ON a.id = d.asset_id WHERE d.id = $1`);

export async function findServed(db: Queryable, id: string): Promise<ServedRow | undefined> {
	const { rows } = await db.query<ServedRow>(SERVED, [id]);
	return rows[0];
}

/**
 * Adds what one request has got. The file is complete once as many bytes as it has were served to the end.
 * @returns true for the request that completes it
 */
export async function recordServed(
	tx: Tx,
	id: string,
	{ bytes, ended }: { bytes: number; ended: boolean },
): Promise<boolean> {
	const { rows } = await tx.query<{ completed: boolean }>(
		`UPDATE downloads d SET requests = requests + 1, bytes_served = bytes_served + $2,
			first_served_at = coalesce(first_served_at, now()), last_served_at = now(),
			completed_at = CASE WHEN d.completed_at IS NULL AND $3 AND bytes_served + $2 >= a.size
				THEN now() ELSE d.completed_at END
		FROM assets a WHERE d.id = $1 AND a.id = d.asset_id
		RETURNING old.completed_at IS NULL AND new.completed_at IS NOT NULL AS completed`,
		[id, bytes, ended],
	);
	return rows[0]?.completed === true;
}

type RecordRow = {
	[Field in keyof DownloadRecord]: Field extends `${string}At`
		? Date | null
		: DownloadRecord[Field];
};

/** The newest first; up to `limit + 1`. */
export async function selectDownloads(
	db: Queryable,
	licenseId: string,
	page: { limit: number; cursor?: string | undefined },
): Promise<DownloadRecord[]> {
	const { rows } = await db.query<RecordRow & { issuedAt: Date; expiresAt: Date }>(
		`SELECT d.id, d.asset_id AS "assetId", a.version, a.file_name AS "fileName", a.size,
			d.issued_at AS "issuedAt", d.expires_at AS "expiresAt", d.requests,
			d.bytes_served AS "bytesServed", d.first_served_at AS "firstServedAt",
			d.last_served_at AS "lastServedAt", d.completed_at AS "completedAt"
		FROM downloads d JOIN assets a ON a.id = d.asset_id
		WHERE d.license_id = $1 AND ($2::uuid IS NULL OR d.id < $2) ORDER BY d.id DESC LIMIT $3`,
		[licenseId, page.cursor ?? null, page.limit + 1],
	);
	return rows.map((row) => ({
		...row,
		issuedAt: row.issuedAt.toISOString(),
		expiresAt: row.expiresAt.toISOString(),
		firstServedAt: row.firstServedAt?.toISOString() ?? null,
		lastServedAt: row.lastServedAt?.toISOString() ?? null,
		completedAt: row.completedAt?.toISOString() ?? null,
	}));
}

export async function sumDownloads(
	db: Queryable,
	licenseId: string,
): Promise<{ issued: number; completed: number; bytesServed: number }> {
	const { rows } = await db.query<{ issued: number; completed: number; bytesServed: number }>(
		`SELECT count(*) AS issued, count(completed_at) AS completed,
			coalesce(sum(bytes_served), 0)::bigint AS "bytesServed"
		FROM downloads WHERE license_id = $1`,
		[licenseId],
	);
	return rows[0] ?? { issued: 0, completed: 0, bytesServed: 0 };
}
