import type { Tx } from '@autopilot/postgres';

/**
 * The order did not come about: its redemption may be used by another. Does nothing the second time. What the
 * transaction has changed in the stock is settled first: an order takes the stock before its coupon, and of two that lock
 * them the other way round each would wait for the other.
 */
export async function returnCoupon(tx: Tx, orderId: string): Promise<void> {
	const { rows } = await tx.query<{ couponId: string; email: string }>(
		`UPDATE coupon_redemptions SET state = 'returned' WHERE order_id = $1 AND state = 'redeemed'
		RETURNING coupon_id AS "couponId", email`,
		[orderId],
	);
	const [returned] = rows;
	if (returned === undefined) return;
	await tx.query('SET CONSTRAINTS reservations_settle IMMEDIATE');
	await tx.query(
		`WITH coupon AS (UPDATE coupons SET redeemed = redeemed - 1 WHERE id = $1 RETURNING id)
		UPDATE coupon_customers k SET redeemed = k.redeemed - 1 FROM coupon c
		WHERE k.coupon_id = c.id AND k.email = $2`,
		[returned.couponId, returned.email],
	);
}

/**
 * An expired order was paid after all: its redemption counts again. The buyer has paid the price with the coupon, so
 * it stands even when the coupon has been used up meanwhile; then it is counted for the customer only.
 */
export async function redeemAgain(tx: Tx, orderId: string): Promise<void> {
	await tx.query(
		`WITH again AS (
			UPDATE coupon_redemptions SET state = 'redeemed' WHERE order_id = $1 AND state = 'returned'
			RETURNING coupon_id, email
		), coupon AS (
			UPDATE coupons c SET redeemed = least(c.redeemed + 1, coalesce(c.max_redemptions, c.redeemed + 1))
			FROM again a WHERE c.id = a.coupon_id
			RETURNING c.id
		)
		UPDATE coupon_customers k SET redeemed = k.redeemed + 1 FROM again a, coupon c
		WHERE k.coupon_id = a.coupon_id AND k.email = a.email AND c.id = k.coupon_id`,
		[orderId],
	);
}
