import { type Queryable, statement } from '@autopilot/postgres';
import type { Terms } from '../../license-policies/schema.ts';
import type { LicenseStatus, Stage } from '../schema.ts';

/** What a question about a licence needs to know of its row, and no more. */
export interface LicenseFacts {
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
	lastValidatedAt: Date | null;
	/** How it was shown before, by stage. */
	shown: Partial<Record<Stage, string>>;
}

export interface Found extends LicenseFacts {
	/** Activation of the fingerprint that asks. */
	activationId: string | null;
	usage: { counter: string; periodStart: Date; used: number }[];
}

const COLUMNS = `l.id, l.product_id AS "productId", l.product_title AS "productTitle", l.status, l.terms,
	l.max_devices AS "maxDevices", l.max_downloads AS "maxDownloads", l.device_count AS "deviceCount",
	l.download_count AS "downloadCount", l.starts_at AS "startsAt", l.expires_at AS "expiresAt",
	l.ends_at AS "endsAt", l.last_validated_at AS "lastValidatedAt"`;

// One text instead of columns: to read columns takes this process longer than to split a text.
const SIGHTING = statement(
	`SELECT concat_ws(' ', id, xmin) AS text FROM licenses WHERE key_hash = $1`,
);
const SIGHTING_ON_DEVICE = statement(`SELECT concat_ws(' ', l.id, l.xmin, a.id) AS text
	FROM licenses l LEFT JOIN activations a ON a.license_id = l.id AND a.fingerprint_hash = $2
	WHERE l.key_hash = $1`);

/** Which licence a key opens, at which version of its row (xmin, which every change moves), and on which device. */
export interface Sighting {
	id: string;
	version: string;
	activationId: string | null;
}

/** One query by the hash of the key: nobody learns from the time it takes what a key looks like. */
export async function sight(
	db: Queryable,
	keyHash: Buffer,
	fingerprintHash: Buffer | null,
): Promise<Sighting | undefined> {
	const { rows } =
		fingerprintHash === null
			? await db.query<{ text: string }>(SIGHTING, [keyHash])
			: await db.query<{ text: string }>(SIGHTING_ON_DEVICE, [keyHash, fingerprintHash]);
	const text = rows[0]?.text;
	if (text === undefined) return undefined;
	const [id = '', version = '', activationId] = text.split(' ');
	return { id, version, activationId: activationId ?? null };
}

const FACTS = statement(
	`SELECT ${COLUMNS}, l.xmin::text AS version FROM licenses l WHERE l.id = $1`,
);

export async function findFacts(
	db: Queryable,
	id: string,
): Promise<(LicenseFacts & { version: string }) | undefined> {
	const { rows } = await db.query<Omit<LicenseFacts, 'shown'> & { version: string }>(FACTS, [id]);
	return rows[0] === undefined ? undefined : { ...rows[0], shown: {} };
}

const BY_ACTIVATION = statement(`SELECT ${COLUMNS}, a.id AS "activationId" FROM activations a
	JOIN licenses l ON l.id = a.license_id
	WHERE a.id = $1 AND ($2::bytea IS NULL OR l.key_hash = $2)`);

/** @param keyHash  must be the licence's, unless it is null */
export async function findByActivation(
	db: Queryable,
	activationId: string,
	keyHash: Buffer | null,
): Promise<(LicenseFacts & { activationId: string }) | undefined> {
	const { rows } = await db.query<Omit<LicenseFacts, 'shown'> & { activationId: string }>(
		BY_ACTIVATION,
		[activationId, keyHash],
	);
	return rows[0] === undefined ? undefined : { ...rows[0], shown: {} };
}

export async function touchLicenses(db: Queryable, ids: readonly string[]): Promise<void> {
	await db.query('UPDATE licenses SET last_validated_at = now() WHERE id = ANY($1::uuid[])', [ids]);
}
