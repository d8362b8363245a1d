import { decodeCursor, encodeCursor, type Queryable, type Tx } from '@autopilot/postgres';
import type {
	CreateProduct,
	CreateVariant,
	ListProducts,
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
};

// One query for products and all their variants: a list of 100 costs one round trip.
const SELECT = `SELECT p.id, p.slug, p.title, p.description, p.status, p.tags, p.media, p.attributes,
	p.created_at AS "createdAt", p.updated_at AS "updatedAt", p.published_at AS "publishedAt",
	p.created_at::text AS position,
	coalesce((
		SELECT jsonb_agg(jsonb_build_object('id', v.id, 'sku', v.sku, 'title', v.title, 'stock', v.stock,
			'available', v.stock - v.reserved, 'delivery', v.delivery, 'tracksStock', v.tracks_stock,
			'price', jsonb_build_object('amount', v.price_amount, 'currency', v.price_currency),
			'options', v.options) ORDER BY v.position, v.id)
		FROM variants v WHERE v.product_id = p.id
	), '[]') AS variants
	FROM products p`;

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

/** @param idOrSlug  a slug never looks like a UUID's text to PostgreSQL's cast, so both go as text */
export async function findProduct(db: Queryable, idOrSlug: string): Promise<Product | undefined> {
	const { rows } = await db.query<Row>(`${SELECT} WHERE p.id::text = $1 OR p.slug = $1`, [
		idOrSlug,
	]);
	return rows.map(toProduct)[0];
}

/** Locks the product until the transaction ends, so that its events are numbered in the order of its changes. */
export async function lockProduct(tx: Tx, id: string): Promise<boolean> {
	const { rowCount } = await tx.query('SELECT 1 FROM products WHERE id = $1 FOR UPDATE', [id]);
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

export type ProductRow = Product & { cursor: string };

/** The newest first. @returns up to `limit + 1` products, or undefined for a cursor that is none of ours */
export async function selectProducts(
	db: Queryable,
	filter: ListProducts,
): Promise<ProductRow[] | undefined> {
	const after = filter.cursor === undefined ? [null, null] : decodeCursor(filter.cursor, 2);
	if (after === undefined) return undefined;
	const { rows } = await db.query<Row>(
		`${SELECT}
		WHERE ($1::text IS NULL OR p.status = $1)
			AND ($2::text IS NULL OR p.tags @> ARRAY[$2])
			AND ($3::text IS NULL OR p.search @@ to_tsquery('simple', $3))
			AND (($4::text IS NULL AND $5::bigint IS NULL AND $6::bigint IS NULL) OR EXISTS (
				SELECT 1 FROM variants v WHERE v.product_id = p.id
					AND ($4::text IS NULL OR v.price_currency = $4)
					AND ($5::bigint IS NULL OR v.price_amount >= $5)
					AND ($6::bigint IS NULL OR v.price_amount <= $6)
			))
			AND ($7::timestamptz IS NULL OR (p.created_at, p.id) < ($7::timestamptz, $8::uuid))
		ORDER BY p.created_at DESC, p.id DESC LIMIT $9`,
		[
			filter.status ?? null,
			filter.tag ?? null,
			toTextQuery(filter.q),
			filter.currency ?? null,
			filter.minPrice ?? null,
			filter.maxPrice ?? null,
			...after,
			filter.limit + 1,
		],
	);
	return rows.map((row) => ({ ...toProduct(row), cursor: encodeCursor([row.position, row.id]) }));
}

/** `desk la` becomes `desk & la:*`. Only letters and digits are left, so no operator of tsquery gets through. */
function toTextQuery(q: string | undefined): string | null {
	const words = q?.match(/[\p{L}\p{N}]+/gu);
	return words == null ? null : `${words.join(' & ')}:*`;
}

function toProduct({ position: _position, ...row }: Row): Product {
	return {
		...row,
		createdAt: row.createdAt.toISOString(),
		updatedAt: row.updatedAt.toISOString(),
		publishedAt: row.publishedAt?.toISOString() ?? null,
	};
}
