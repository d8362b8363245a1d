import type { Tx } from '@autopilot/postgres';

/** The order did not come about: its redemption may be used by another. Does nothing the second time. */
export async function returnCoupon(tx: Tx, orderId: string): Promise<void> {
	await tx.query(
		`WITH returned AS (
			UPDATE coupon_redemptions SET state = 'returned' WHERE order_id = $1 AND state = 'redeemed'
			RETURNING coupon_id, email
		), coupon AS (
			UPDATE coupons c SET redeemed = c.redeemed - 1 FROM returned r WHERE c.id = r.coupon_id
			RETURNING c.id
		)
		UPDATE coupon_customers k SET redeemed = k.redeemed - 1 FROM returned r, coupon c
		WHERE k.coupon_id = r.coupon_id AND k.email = r.email AND c.id = k.coupon_id`,
		[orderId],
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
