import type { Queryable, Tx } from '@autopilot/postgres';
import type { LicensePolicy, Terms } from './schema.ts';

/** A policy as it is stored: what is asked for by itself, and the terms that licences copy. */
export interface PolicyRow {
	productId: string;
	issuePer: 'line' | 'unit';
	durationDays: number | null;
	maxDevices: number | null;
	maxDownloads: number | null;
	terms: Terms;
	createdAt: Date;
	updatedAt: Date;
}

const COLUMNS = `product_id AS "productId", issue_per AS "issuePer", duration_days AS "durationDays",
	max_devices AS "maxDevices", max_downloads AS "maxDownloads", terms, created_at AS "createdAt",
	updated_at AS "updatedAt"`;

export async function upsertPolicy(
	tx: Tx,
	policy: Omit<PolicyRow, 'createdAt' | 'updatedAt'>,
): Promise<PolicyRow> {
	const { rows } = await tx.query<PolicyRow>(
		`INSERT INTO license_policies (product_id, issue_per, duration_days, max_devices, max_downloads, terms)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (product_id) DO UPDATE SET issue_per = EXCLUDED.issue_per,
			duration_days = EXCLUDED.duration_days, max_devices = EXCLUDED.max_devices,
			max_downloads = EXCLUDED.max_downloads, terms = EXCLUDED.terms, updated_at = now()
		RETURNING ${COLUMNS}`,
		[
			policy.productId,
			policy.issuePer,
			policy.durationDays,
			policy.maxDevices,
			policy.maxDownloads,
			policy.terms,
		],
	);
	const [row] = rows;
	if (row === undefined) throw new Error('INSERT ... RETURNING gave no row.');
	return row;
}

export async function findPolicy(db: Queryable, productId: string): Promise<PolicyRow | undefined> {
	const { rows } = await db.query<PolicyRow>(
		`SELECT ${COLUMNS} FROM license_policies WHERE product_id = $1`,
		[productId],
	);
	return rows[0];
}

export async function selectPolicies(
	db: Queryable,
	page: { limit: number; cursor?: string | undefined },
): Promise<PolicyRow[]> {
	const { rows } = await db.query<PolicyRow>(
		`SELECT ${COLUMNS} FROM license_policies WHERE ($1::uuid IS NULL OR product_id < $1)
		ORDER BY product_id DESC LIMIT $2`,
		[page.cursor ?? null, page.limit + 1],
	);
	return rows;
}

export async function deletePolicyRow(tx: Tx, productId: string): Promise<boolean> {
	const { rowCount } = await tx.query('DELETE FROM license_policies WHERE product_id = $1', [
		productId,
	]);
	return rowCount === 1;
}

export async function productTitle(db: Queryable, productId: string): Promise<string | undefined> {
	const { rows } = await db.query<{ title: string }>('SELECT title FROM products WHERE id = $1', [
		productId,
	]);
	return rows[0]?.title;
}

export function toPolicy({ terms, createdAt, updatedAt, ...row }: PolicyRow): LicensePolicy {
	return {
		...row,
		...terms,
		createdAt: createdAt.toISOString(),
		updatedAt: updatedAt.toISOString(),
	};
}
