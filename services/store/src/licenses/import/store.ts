import type { Tx } from '@autopilot/postgres';
import type { Terms } from '../../license-policies/schema.ts';
import { LICENSE_COLUMNS, type LicenseRow } from '../store.ts';

/** What of a product its licences copy. */
export interface ProductTerms {
	id: string;
	title: string;
	policy: {
		terms: Terms;
		durationDays: number | null;
		maxDevices: number | null;
		maxDownloads: number | null;
	} | null;
}

export async function selectProducts(tx: Tx, ids: string[]): Promise<Map<string, ProductTerms>> {
	const { rows } = await tx.query<ProductTerms>(
		`SELECT p.id, p.title, CASE WHEN l.product_id IS NOT NULL THEN jsonb_build_object('terms', l.terms,
			'durationDays', l.duration_days, 'maxDevices', l.max_devices, 'maxDownloads', l.max_downloads) END AS policy
		FROM products p LEFT JOIN license_policies l ON l.product_id = p.id WHERE p.id = ANY ($1)`,
		[ids],
	);
	return new Map(rows.map((row) => [row.id, row]));
}

/** Licences that have one of these names or keys. */
export async function selectKnown(
	tx: Tx,
	{ externalIds, keyHashes }: { externalIds: string[]; keyHashes: Buffer[] },
): Promise<LicenseRow[]> {
	const { rows } = await tx.query<LicenseRow>(
		`SELECT ${LICENSE_COLUMNS} FROM licenses WHERE external_id = ANY ($1)
		UNION ALL
		SELECT ${LICENSE_COLUMNS} FROM licenses
		WHERE key_hash = ANY ($2) AND (external_id IS NULL OR external_id <> ALL ($1))`,
		[externalIds, keyHashes],
	);
	return rows;
}

export async function newIds(tx: Tx, count: number): Promise<string[]> {
	const { rows } = await tx.query<{ id: string }>(
		'SELECT uuidv7() AS id FROM generate_series(1, $1::int)',
		[count],
	);
	return rows.map(({ id }) => id);
}
