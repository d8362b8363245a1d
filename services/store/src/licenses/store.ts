import { type Queryable, statement, type Tx } from '@autopilot/postgres';
import type { Terms } from '../license-policies/schema.ts';
import type { StoredKey } from './key.ts';
import type { LicenseStatus, ListLicenses } from './schema.ts';

/** A row of `licenses`, with the key's hash, which never leaves the service. */
export interface LicenseRow extends StoredKey {
	id: string;
	productId: string | null;
	productTitle: string;
	orderId: string | null;
	orderNumber: string | null;
	orderLineId: string | null;
	unit: number;
	customerId: string | null;
	email: string;
	name: string | null;
	status: LicenseStatus;
	statusReason: string | null;
	hold: 'suspended' | 'revoked' | null;
	holdReason: string | null;
	overruledSources: string[];
	terms: Terms;
	maxDevices: number | null;
	maxDownloads: number | null;
	deviceCount: number;
	downloadCount: number;
	activationWindow: Date | null;
	activationWindowCount: number;
	fileSeq: number;
	subscriptionId: string | null;
	subscriptionStatus: string | null;
	startsAt: Date;
	expiresAt: Date | null;
	graceUntil: Date | null;
	endsAt: Date | null;
	lastValidatedAt: Date | null;
	metadata: Record<string, unknown>;
	externalId: string | null;
	createdAt: Date;
	updatedAt: Date;
}

export const LICENSE_COLUMNS = `id, product_id AS "productId", product_title AS "productTitle",
	order_id AS "orderId", order_number AS "orderNumber", order_line_id AS "orderLineId", unit,
	customer_id AS "customerId", email, name, status, status_reason AS "statusReason", hold,
	hold_reason AS "holdReason", overruled_sources AS "overruledSources", key_hash AS "keyHash",
	key_prefix AS "keyPrefix", key_version AS "keyVersion", key_preview AS "keyPreview",
	key_sealed AS "keySealed", terms, max_devices AS "maxDevices", max_downloads AS "maxDownloads",
	device_count AS "deviceCount", download_count AS "downloadCount",
	activation_window AS "activationWindow", activation_window_count AS "activationWindowCount",
	file_seq AS "fileSeq", subscription_id AS "subscriptionId",
	subscription_status AS "subscriptionStatus", starts_at AS "startsAt", expires_at AS "expiresAt",
	grace_until AS "graceUntil", ends_at AS "endsAt",
	last_validated_at AS "lastValidatedAt", metadata, external_id AS "externalId",
	created_at AS "createdAt",
	updated_at AS "updatedAt"`;

export type NewLicense = StoredKey &
	Pick<
		LicenseRow,
		| 'id'
		| 'productId'
		| 'productTitle'
		| 'orderId'
		| 'orderNumber'
		| 'orderLineId'
		| 'unit'
		| 'customerId'
		| 'email'
		| 'name'
		| 'status'
		| 'statusReason'
		| 'terms'
		| 'maxDevices'
		| 'maxDownloads'
		| 'subscriptionId'
		| 'subscriptionStatus'
		| 'startsAt'
		| 'expiresAt'
		| 'graceUntil'
		| 'endsAt'
		| 'metadata'
	> & { externalId?: string };

// One JSON parameter for any number of licences: a hundred units cost one round trip.
const INSERT =
	statement(`INSERT INTO licenses (id, product_id, product_title, order_id, order_number,
	order_line_id, unit, customer_id, email, name, status, status_reason, key_hash, key_prefix,
	key_version, key_preview, key_sealed, terms, max_devices, max_downloads, subscription_id,
	subscription_status, starts_at, expires_at, grace_until, ends_at, metadata, external_id)
SELECT "id", "productId", "productTitle", "orderId", "orderNumber", "orderLineId", "unit",
	"customerId", "email", "name", "status", "statusReason", decode("keyHash", 'hex'), "keyPrefix",
	"keyVersion", "keyPreview", decode("keySealed", 'hex'), "terms", "maxDevices", "maxDownloads",
	"subscriptionId", "subscriptionStatus", "startsAt", "expiresAt", "graceUntil", "endsAt", "metadata",
	"externalId"
FROM jsonb_to_recordset($1::jsonb) AS l ("id" uuid, "productId" uuid, "productTitle" text,
	"orderId" uuid, "orderNumber" text, "orderLineId" uuid, "unit" int, "customerId" uuid, "email" text,
	"name" text, "status" text, "statusReason" text, "keyHash" text, "keyPrefix" text,
	"keyVersion" int, "keyPreview" text, "keySealed" text, "terms" jsonb, "maxDevices" int,
	"maxDownloads" int, "subscriptionId" uuid, "subscriptionStatus" text, "startsAt" timestamptz,
	"expiresAt" timestamptz, "graceUntil" timestamptz, "endsAt" timestamptz, "metadata" jsonb,
	"externalId" text)
ON CONFLICT DO NOTHING
RETURNING ${LICENSE_COLUMNS}`);

/** @returns those that were not there before: a line that has its licence, or a known key, gets no second one */
export async function insertLicenses(tx: Tx, licenses: NewLicense[]): Promise<LicenseRow[]> {
	const { rows } = await tx.query<LicenseRow>(INSERT, [
		JSON.stringify(
			licenses.map((license) => ({
				...license,
				keyHash: license.keyHash.toString('hex'),
				keySealed: license.keySealed?.toString('hex') ?? null,
			})),
		),
	]);
	return rows;
}

export async function newId(db: Queryable): Promise<string> {
	const { rows } = await db.query<{ id: string }>('SELECT uuidv7() AS id');
	const [row] = rows;
	if (row === undefined) throw new Error('uuidv7() gave no row.');
	return row.id;
}

const FIND = statement(`SELECT ${LICENSE_COLUMNS} FROM licenses WHERE id = $1`);

export async function findLicense(db: Queryable, id: string): Promise<LicenseRow | undefined> {
	const { rows } = await db.query<LicenseRow>(FIND, [id]);
	return rows[0];
}

const LOCK = statement(`SELECT ${LICENSE_COLUMNS} FROM licenses WHERE id = $1 FOR UPDATE`);
const LOCK_BY_KEY = statement(
	`SELECT ${LICENSE_COLUMNS} FROM licenses WHERE key_hash = $1 FOR UPDATE`,
);

const FIND_BY_KEY = statement(`SELECT ${LICENSE_COLUMNS} FROM licenses WHERE key_hash = $1`);

export async function findLicenseByKey(
	db: Queryable,
	keyHash: Buffer,
): Promise<LicenseRow | undefined> {
	const { rows } = await db.query<LicenseRow>(FIND_BY_KEY, [keyHash]);
	return rows[0];
}

/** Locked until the transaction ends: whatever counts against a licence queues here. */
export async function lockLicense(tx: Tx, id: string): Promise<LicenseRow | undefined> {
	const { rows } = await tx.query<LicenseRow>(LOCK, [id]);
	return rows[0];
}

export async function lockLicenseByKey(tx: Tx, keyHash: Buffer): Promise<LicenseRow | undefined> {
	const { rows } = await tx.query<LicenseRow>(LOCK_BY_KEY, [keyHash]);
	return rows[0];
}

/** Licences of an order or of one of its lines, locked in one order, so that two who want them do not cross. */
export async function lockLicensesOf(tx: Tx, subjectId: string): Promise<LicenseRow[]> {
	const { rows } = await tx.query<LicenseRow>(
		`SELECT ${LICENSE_COLUMNS} FROM licenses WHERE order_id = $1 OR order_line_id = $1
		ORDER BY id FOR UPDATE`,
		[subjectId],
	);
	return rows;
}

export async function selectLicensesOfOrder(db: Queryable, orderId: string): Promise<LicenseRow[]> {
	const { rows } = await db.query<LicenseRow>(
		`SELECT ${LICENSE_COLUMNS} FROM licenses WHERE order_id = $1 ORDER BY order_line_id, unit`,
		[orderId],
	);
	return rows;
}

export async function selectLicenseOfLine(
	db: Queryable,
	orderLineId: string,
): Promise<LicenseRow | undefined> {
	const { rows } = await db.query<LicenseRow>(
		`SELECT ${LICENSE_COLUMNS} FROM licenses WHERE order_line_id = $1 ORDER BY unit LIMIT 1`,
		[orderLineId],
	);
	return rows[0];
}

interface Holder {
	customerId: string | null;
	email: string;
	name: string | null;
}

export async function selectHolder(db: Queryable, customerId: string): Promise<Holder | undefined> {
	const { rows } = await db.query<Holder>(
		'SELECT id AS "customerId", email, name FROM customers WHERE id = $1',
		[customerId],
	);
	return rows[0];
}

export async function selectOrderOfLine(
	db: Queryable,
	orderLineId: string,
): Promise<(Holder & { id: string; number: string }) | undefined> {
	const { rows } = await db.query<Holder & { id: string; number: string }>(
		`SELECT o.id, o.number, o.email, o.name, o.customer_id AS "customerId"
		FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE l.id = $1`,
		[orderLineId],
	);
	return rows[0];
}

/** The newest first; up to `limit + 1`. */
export async function selectLicenses(
	db: Queryable,
	filter: Omit<ListLicenses, 'key'> & { keyHash: Buffer | null },
): Promise<LicenseRow[]> {
	const { rows } = await db.query<LicenseRow>(
		`SELECT ${LICENSE_COLUMNS} FROM licenses
		WHERE ($1::text IS NULL OR status = $1)
			AND ($2::uuid IS NULL OR product_id = $2)
			AND ($3::uuid IS NULL OR order_id = $3)
			AND ($4::uuid IS NULL OR customer_id = $4)
			AND ($5::text IS NULL OR lower(email) = lower($5))
			AND ($6::bytea IS NULL OR key_hash = $6)
			AND ($7::uuid IS NULL OR id < $7) AND ($9::text IS NULL OR external_id = $9)
		ORDER BY id DESC LIMIT $8`,
		[
			filter.status ?? null,
			filter.productId ?? null,
			filter.orderId ?? null,
			filter.customerId ?? null,
			filter.email ?? null,
			filter.keyHash,
			filter.cursor ?? null,
			filter.limit + 1,
			filter.externalId ?? null,
		],
	);
	return rows;
}

const UPDATABLE = [
	['status', 'status'],
	['statusReason', 'status_reason'],
	['hold', 'hold'],
	['holdReason', 'hold_reason'],
	['overruledSources', 'overruled_sources'],
	['email', 'email'],
	['name', 'name'],
	['customerId', 'customer_id'],
	['keyHash', 'key_hash'],
	['keyPrefix', 'key_prefix'],
	['keyVersion', 'key_version'],
	['keyPreview', 'key_preview'],
	['keySealed', 'key_sealed'],
	['terms', 'terms'],
	['maxDevices', 'max_devices'],
	['maxDownloads', 'max_downloads'],
	['subscriptionId', 'subscription_id'],
	['subscriptionStatus', 'subscription_status'],
	['expiresAt', 'expires_at'],
	['graceUntil', 'grace_until'],
	['endsAt', 'ends_at'],
	['metadata', 'metadata'],
] as const;
export type LicensePatch = Partial<Pick<LicenseRow, (typeof UPDATABLE)[number][0]>>;

/** Sets the columns that the patch names, also to null. */
export async function updateLicenseRow(
	tx: Tx,
	id: string,
	patch: LicensePatch,
): Promise<LicenseRow> {
	const changes = UPDATABLE.filter(([field]) => patch[field] !== undefined);
	const { rows } = await tx.query<LicenseRow>(
		`UPDATE licenses SET ${changes.map(([, column], i) => `${column} = $${i + 2}, `).join('')}
			updated_at = now()
		WHERE id = $1 RETURNING ${LICENSE_COLUMNS}`,
		[id, ...changes.map(([field]) => patch[field])],
	);
	const [row] = rows;
	if (row === undefined) throw new Error('A locked licence vanished.');
	return row;
}

/** @returns false when it was told within the last hour */
export async function claimTelling(tx: Tx, licenseId: string, limit: string): Promise<boolean> {
	const { rowCount } = await tx.query(
		`UPDATE licenses SET limits_told = jsonb_set(limits_told, ARRAY[$2], to_jsonb(now()))
		WHERE id = $1
			AND coalesce((limits_told ->> $2)::timestamptz, '-infinity') < now() - interval '1 hour'`,
		[licenseId, limit],
	);
	return rowCount === 1;
}
