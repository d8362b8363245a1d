import { type Queryable, statement, type Tx } from '@autopilot/postgres';
import type {
	CreateProduct,
	CreateVariant,
	Product,
	UpdateProduct,
	UpdateVariant,
} from './schema.ts';

type Row = Omit<Product, 'createdAt' | 'updatedAt' | 'publishedAt'> & {
	createdAt: Date;
	updatedAt: Date;
	publishedAt: Date | null;
	/** Microseconds, which a Date would cut off and a cursor needs. */
	position: string;
	/** Moves with every change of the product or its variants, but not of their stock. */
	version: string;
};

// One query for products and all their variants: a list of 100 costs one round trip.
const SELECT = `SELECT p.id, p.slug, p.title, p.description, p.status, p.tags, p.media, p.attributes,
	p.created_at AS "createdAt", p.updated_at AS "updatedAt", p.published_at AS "publishedAt",
	p.created_at::text AS position, p.xmin::text AS version,
	coalesce((
		SELECT jsonb_agg(jsonb_build_object('id', v.id, 'sku', v.sku, 'title', v.title, 'stock', v.stock,
			'available', v.stock - v.reserved, 'delivery', v.delivery, 'tracksStock', v.tracks_stock,
			'price', jsonb_build_object('amount', v.price_amount, 'currency', v.price_currency),
			'options', v.options) ORDER BY v.position, v.id)
		FROM variants v WHERE v.product_id = p.id
	), '[]') AS variants
	FROM products p`;
const BY_IDS = statement(`${SELECT} WHERE p.id = ANY($1)`);
const BY_ID = statement(`${SELECT} WHERE p.id = $1`);
const BY_SLUG = statement(`${SELECT} WHERE p.slug = $1`);
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export type ProductRow = Product & Pick<Row, 'version' | 'position'>;

export async function insertProduct(
	tx: Tx,
	product: CreateProduct & { slug: string },
): Promise<string> {
	const { rows } = await tx.query<{ id: string }>(
		`INSERT INTO products (slug, title, description, status, tags, media, attributes, published_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $4 = 'published' THEN now() END) RETURNING id`,
		[
			product.slug,
			product.title,
			product.description,
			product.status,
			product.tags,
			JSON.stringify(product.media),
			product.attributes,
		],
	);
	const [row] = rows;
	if (row === undefined) throw new Error('INSERT ... RETURNING gave no row.');
	return row.id;
}

export async function insertVariant(
	tx: Tx,
	productId: string,
	variant: CreateVariant,
): Promise<string> {
	const { rows } = await tx.query<{ id: string }>(
		`INSERT INTO variants (product_id, position, sku, title, price_amount, price_currency, options, delivery,
			tracks_stock)
		SELECT $1, coalesce(max(position), 0) + 1, $2, $3, $4, $5, $6, $7, $8 FROM variants WHERE product_id = $1
		RETURNING id`,
		[
			productId,
			variant.sku,
			variant.title ?? variant.sku,
			variant.price.amount,
			variant.price.currency,
			variant.options,
			variant.delivery,
			variant.tracksStock ?? variant.delivery === 'physical',
		],
	);
	const [row] = rows;
	if (row === undefined) throw new Error('INSERT ... RETURNING gave no row.');
	return row.id;
}

export async function findProduct(db: Queryable, idOrSlug: string): Promise<Product | undefined> {
	const { rows } = await db.query<Row>(isId(idOrSlug) ? BY_ID : BY_SLUG, [idOrSlug]);
	return rows.map(toProduct)[0];
}

/** What looks like an id is one: as a slug it would have to be 36 characters with hyphens at those places. */
export function isId(idOrSlug: string): boolean {
	return UUID.test(idOrSlug);
}

/** Locks the product until the transaction ends, so that its events are numbered in the order of its changes. */
export async function lockProduct(tx: Tx, id: string): Promise<boolean> {
	// NO KEY: who has changed a variant twice looks for its product at COMMIT (the foreign key), while we wait for that
	// variant. FOR UPDATE made that a deadlock.
	const { rowCount } = await tx.query('SELECT 1 FROM products WHERE id = $1 FOR NO KEY UPDATE', [
		id,
	]);
	return rowCount === 1;
}

export async function updateProductRow(tx: Tx, id: string, patch: UpdateProduct): Promise<void> {
	await tx.query(
		`UPDATE products SET title = coalesce($2, title), slug = coalesce($3, slug),
			description = coalesce($4, description), tags = coalesce($5, tags), media = coalesce($6, media),
			attributes = coalesce($7, attributes), updated_at = now()
		WHERE id = $1`,
		[
			id,
			patch.title ?? null,
			patch.slug ?? null,
			patch.description ?? null,
			patch.tags ?? null,
			patch.media === undefined ? null : JSON.stringify(patch.media),
			patch.attributes ?? null,
		],
	);
}

export async function setStatus(tx: Tx, id: string, status: Product['status']): Promise<void> {
	await tx.query(
		`UPDATE products SET status = $2, updated_at = now(),
			published_at = CASE WHEN $2 = 'published' THEN coalesce(published_at, now()) ELSE published_at END
		WHERE id = $1`,
		[id, status],
	);
}

export async function deleteProductRow(tx: Tx, id: string): Promise<void> {
	await tx.query('DELETE FROM products WHERE id = $1', [id]);
}

export async function touchProduct(tx: Tx, id: string): Promise<void> {
	await tx.query('UPDATE products SET updated_at = now() WHERE id = $1', [id]);
}

/** The product that a variant belongs to. */
export async function productOfVariant(
	db: Queryable,
	variantId: string,
): Promise<string | undefined> {
	const { rows } = await db.query<{ productId: string }>(
		'SELECT product_id AS "productId" FROM variants WHERE id = $1',
		[variantId],
	);
	return rows[0]?.productId;
}

export async function updateVariantRow(tx: Tx, id: string, patch: UpdateVariant): Promise<void> {
	await tx.query(
		`UPDATE variants SET sku = coalesce($2, sku), title = coalesce($3, title),
			price_amount = coalesce($4, price_amount), price_currency = coalesce($5, price_currency),
			options = coalesce($6, options), delivery = coalesce($7, delivery),
			tracks_stock = coalesce($8, tracks_stock)
		WHERE id = $1`,
		[
			id,
			patch.sku ?? null,
			patch.title ?? null,
			patch.price?.amount ?? null,
			patch.price?.currency ?? null,
			patch.options ?? null,
			patch.delivery ?? null,
			patch.tracksStock ?? null,
		],
	);
}

export async function deleteVariantRow(tx: Tx, id: string): Promise<void> {
	await tx.query('DELETE FROM variants WHERE id = $1', [id]);
}

/**
 * Changes a stock and notes the movement, in one statement that no concurrent change can come between.
 * @returns false when less would be left than unpaid orders hold
 */
export async function moveStock(
	tx: Tx,
	variantId: string,
	move: { delta: number; reason: string; correlationId: string },
): Promise<boolean> {
	const { rowCount } = await tx.query(
		`WITH moved AS (
			UPDATE variants SET stock = stock + $2 WHERE id = $1 AND stock + $2 >= reserved RETURNING id
		)
		INSERT INTO stock_movements (variant_id, delta, reason, correlation_id)
		SELECT id, $2, $3, $4 FROM moved`,
		[variantId, move.delta, move.reason, move.correlationId],
	);
	return rowCount === 1;
}

/** The stock, locked until the transaction ends. */
export async function lockStock(
	tx: Tx,
	variantId: string,
): Promise<{ stock: number; reserved: number } | undefined> {
	const { rows } = await tx.query<{ stock: number; reserved: number }>(
		'SELECT stock, reserved FROM variants WHERE id = $1 FOR UPDATE',
		[variantId],
	);
	return rows[0];
}

/** What unpaid orders hold of a product's variants, all of them locked until the transaction ends. */
export async function lockReserved(tx: Tx, productId: string): Promise<number> {
	const { rows } = await tx.query<{ reserved: number }>(
		'SELECT reserved FROM variants WHERE product_id = $1 ORDER BY sku FOR UPDATE',
		[productId],
	);
	return rows.reduce((sum, { reserved }) => sum + reserved, 0);
}

/** The products with these ids, with what a kept copy of them must know. */
export async function selectByIds(db: Queryable, ids: string[]): Promise<ProductRow[]> {
	const { rows } = await db.query<Row>(BY_IDS, [ids]);
	return rows.map((row) => ({ ...toProduct(row), version: row.version, position: row.position }));
}

function toProduct({ version: _version, position: _position, ...row }: Row): Product {
	return {
		...row,
		createdAt: row.createdAt.toISOString(),
		updatedAt: row.updatedAt.toISOString(),
		publishedAt: row.publishedAt?.toISOString() ?? null,
	};
}
