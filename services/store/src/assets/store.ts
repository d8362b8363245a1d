import type { Queryable, Tx } from '@autopilot/postgres';
import type { Asset } from './schema.ts';

export interface AssetRow extends Omit<Asset, 'createdAt'> {
	storageKey: string;
	createdAt: Date;
}

const COLUMNS = `id, product_id AS "productId", version, file_name AS "fileName",
	content_type AS "contentType", size, encode(sha256, 'hex') AS sha256, entitlement,
	storage_key AS "storageKey", created_at AS "createdAt"`;

/** @returns undefined when the product has a file of that name in that version */
export async function insertAsset(
	tx: Tx,
	asset: Omit<AssetRow, 'createdAt'>,
): Promise<AssetRow | undefined> {
	const { rows } = await tx.query<AssetRow>(
		`INSERT INTO assets (id, product_id, version, file_name, content_type, size, sha256, entitlement, storage_key)
		VALUES ($1, $2, $3, $4, $5, $6, decode($7, 'hex'), $8, $9)
		ON CONFLICT DO NOTHING RETURNING ${COLUMNS}`,
		[
			asset.id,
			asset.productId,
			asset.version,
			asset.fileName,
			asset.contentType,
			asset.size,
			asset.sha256,
			asset.entitlement,
			asset.storageKey,
		],
	);
	return rows[0];
}

export async function findAsset(db: Queryable, id: string): Promise<AssetRow | undefined> {
	const { rows } = await db.query<AssetRow>(
		`SELECT ${COLUMNS} FROM assets WHERE id = $1 AND deleted_at IS NULL`,
		[id],
	);
	return rows[0];
}

export async function findAssetByName(
	db: Queryable,
	asset: { productId: string; version: string; fileName: string },
): Promise<AssetRow | undefined> {
	const { rows } = await db.query<AssetRow>(
		`SELECT ${COLUMNS} FROM assets
		WHERE product_id = $1 AND version = $2 AND file_name = $3 AND deleted_at IS NULL`,
		[asset.productId, asset.version, asset.fileName],
	);
	return rows[0];
}

/** The newest first; up to `limit + 1`. */
export async function selectAssets(
	db: Queryable,
	productId: string,
	page: { limit: number; cursor?: string | undefined },
): Promise<AssetRow[]> {
	const { rows } = await db.query<AssetRow>(
		`SELECT ${COLUMNS} FROM assets
		WHERE product_id = $1 AND deleted_at IS NULL AND ($2::uuid IS NULL OR id < $2)
		ORDER BY id DESC LIMIT $3`,
		[productId, page.cursor ?? null, page.limit + 1],
	);
	return rows;
}

/** Its bytes may be deleted when this has committed; what was downloaded stays in the history. */
export async function deleteAssetRow(tx: Tx, id: string): Promise<AssetRow | undefined> {
	const { rows } = await tx.query<AssetRow>(
		`UPDATE assets SET deleted_at = now() WHERE id = $1 AND deleted_at IS NULL RETURNING ${COLUMNS}`,
		[id],
	);
	return rows[0];
}

export function toAsset({ storageKey: _storageKey, ...row }: AssetRow): Asset {
	return { ...row, createdAt: row.createdAt.toISOString() };
}
