import type { Queryable, Tx } from '@autopilot/postgres';
import { iso } from '../shipments/view.ts';
import type { StoredCart } from './schema.ts';

const COLUMNS = `id, lines, email, name, locale, customer_id AS "customerId", coupon_code AS "couponCode",
	shipping_option_id AS "shippingOptionId", shipping_address AS "shippingAddress",
	billing_address AS "billingAddress", click_id AS "clickId", campaign_id AS "campaignId", metadata,
	order_id AS "orderId", ${iso('created_at')} AS "createdAt", ${iso('updated_at')} AS "updatedAt"`;

export type CartValues = Omit<StoredCart, 'id' | 'createdAt' | 'updatedAt'>;

function valuesOf(cart: CartValues): unknown[] {
	return [
		JSON.stringify(cart.lines),
		cart.email,
		cart.name,
		cart.locale,
		cart.customerId,
		cart.couponCode,
		cart.shippingOptionId,
		cart.shippingAddress,
		cart.billingAddress,
		cart.clickId,
		cart.campaignId,
		cart.metadata,
		cart.orderId,
	];
}

export async function insertCart(tx: Tx, cart: CartValues): Promise<StoredCart> {
	const { rows } = await tx.query<StoredCart>(
		`INSERT INTO carts (lines, email, name, locale, customer_id, coupon_code, shipping_option_id, shipping_address,
			billing_address, click_id, campaign_id, metadata, order_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING ${COLUMNS}`,
		valuesOf(cart),
	);
	const [row] = rows;
	if (row === undefined) throw new Error('INSERT ... RETURNING gave no row.');
	return row;
}

export async function updateCartRow(tx: Tx, id: string, cart: CartValues): Promise<StoredCart> {
	const { rows } = await tx.query<StoredCart>(
		`UPDATE carts SET lines = $1, email = $2, name = $3, locale = $4, customer_id = $5, coupon_code = $6,
			shipping_option_id = $7, shipping_address = $8, billing_address = $9, click_id = $10, campaign_id = $11,
			metadata = $12, order_id = $13, updated_at = now()
		WHERE id = $14 RETURNING ${COLUMNS}`,
		[...valuesOf(cart), id],
	);
	const [row] = rows;
	if (row === undefined) throw new Error('A locked cart was not found.');
	return row;
}

export async function findCart(db: Queryable, id: string): Promise<StoredCart | undefined> {
	const { rows } = await db.query<StoredCart>(`SELECT ${COLUMNS} FROM carts WHERE id = $1`, [id]);
	return rows[0];
}

/** The same, locked until the transaction ends. */
export async function lockCart(tx: Tx, id: string): Promise<StoredCart | undefined> {
	const { rows } = await tx.query<StoredCart>(
		`SELECT ${COLUMNS} FROM carts WHERE id = $1 FOR UPDATE`,
		[id],
	);
	return rows[0];
}

/** Deletes carts that nobody has touched for so long. */
export async function deleteOldCarts(db: Queryable, days: number): Promise<void> {
	await db.query(`DELETE FROM carts WHERE updated_at < now() - make_interval(days => $1)`, [days]);
}
