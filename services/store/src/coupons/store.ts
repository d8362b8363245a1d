import type { Queryable, Tx } from '@autopilot/postgres';
import { iso } from '../shipments/view.ts';
import type { Coupon, Duration, ListCoupons } from './schema.ts';

/** What is written of a coupon; the counter is moved by orders only. */
export type CouponValues = Omit<Coupon, 'id' | 'redeemed' | 'createdAt' | 'updatedAt'>;

const COLUMNS = `id, code, kind, basis_points AS "basisPoints", duration, description, product_ids AS "productIds",
	CASE WHEN amount IS NOT NULL THEN jsonb_build_object('amount', amount, 'currency', currency) END AS amount,
	CASE WHEN min_subtotal IS NOT NULL THEN jsonb_build_object('amount', min_subtotal, 'currency', currency)
		END AS "minSubtotal",
	max_redemptions AS "maxRedemptions", max_per_customer AS "maxPerCustomer", redeemed,
	${iso('starts_at')} AS "startsAt", ${iso('expires_at')} AS "expiresAt", active,
	${iso('created_at')} AS "createdAt", ${iso('updated_at')} AS "updatedAt"`;

function valuesOf(coupon: CouponValues): unknown[] {
	return [
		coupon.code,
		coupon.kind,
		coupon.basisPoints,
		coupon.amount?.amount ?? null,
		coupon.amount?.currency ?? coupon.minSubtotal?.currency ?? null,
		coupon.minSubtotal?.amount ?? null,
		coupon.description,
		coupon.productIds,
		coupon.maxRedemptions,
		coupon.maxPerCustomer,
		coupon.startsAt,
		coupon.expiresAt,
		coupon.active,
		coupon.duration,
	];
}

export async function insertCoupon(tx: Tx, coupon: CouponValues): Promise<Coupon | undefined> {
	const { rows } = await tx.query<Coupon>(
		`INSERT INTO coupons (code, kind, basis_points, amount, currency, min_subtotal, description, product_ids,
			max_redemptions, max_per_customer, starts_at, expires_at, active, duration)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING ${COLUMNS}`,
		valuesOf(coupon),
	);
	return rows[0];
}

export async function updateCouponRow(
	tx: Tx,
	id: string,
	coupon: CouponValues,
): Promise<Coupon | undefined> {
	const { rows } = await tx.query<Coupon>(
		`UPDATE coupons SET code = $1, kind = $2, basis_points = $3, amount = $4, currency = $5, min_subtotal = $6,
			description = $7, product_ids = $8, max_redemptions = $9, max_per_customer = $10, starts_at = $11,
			expires_at = $12, active = $13, duration = $14, updated_at = now()
		WHERE id = $15 RETURNING ${COLUMNS}`,
		[...valuesOf(coupon), id],
	);
	return rows[0];
}

export async function findCoupon(db: Queryable, id: string): Promise<Coupon | undefined> {
	const { rows } = await db.query<Coupon>(`SELECT ${COLUMNS} FROM coupons WHERE id = $1`, [id]);
	return rows[0];
}

/** The same, locked until the transaction ends. */
export async function lockCoupon(tx: Tx, id: string): Promise<Coupon | undefined> {
	const { rows } = await tx.query<Coupon>(
		`SELECT ${COLUMNS} FROM coupons WHERE id = $1 FOR UPDATE`,
		[id],
	);
	return rows[0];
}

export async function deleteCouponRow(tx: Tx, id: string): Promise<boolean> {
	const { rowCount } = await tx.query('DELETE FROM coupons WHERE id = $1', [id]);
	return rowCount === 1;
}

/** The newest first; up to `limit + 1`. */
export async function selectCoupons(db: Queryable, filter: ListCoupons): Promise<Coupon[]> {
	const { rows } = await db.query<Coupon>(
		`SELECT ${COLUMNS} FROM coupons
		WHERE ($1::text IS NULL OR code = upper($1)) AND ($2::boolean IS NULL OR active = $2)
			AND ($3::uuid IS NULL OR id < $3)
		ORDER BY id DESC LIMIT $4`,
		[filter.code ?? null, filter.active ?? null, filter.cursor ?? null, filter.limit + 1],
	);
	return rows;
}

/** @returns undefined when there is no such coupon any more */
export async function durationOf(db: Queryable, code: string): Promise<Duration | undefined> {
	const { rows } = await db.query<{ duration: Duration }>(
		'SELECT duration FROM coupons WHERE code = upper($1)',
		[code],
	);
	return rows[0]?.duration;
}
