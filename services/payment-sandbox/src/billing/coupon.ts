/** An amount or a share off, once or for a while. */
export interface Coupon {
	id: string;
	object: 'coupon';
	amount_off: number | null;
	created: number;
	currency: string | null;
	duration: 'once' | 'forever' | 'repeating';
	duration_in_months: number | null;
	livemode: false;
	max_redemptions: number | null;
	metadata: Record<string, string>;
	name: string | null;
	percent_off: number | null;
	redeem_by: number | null;
	times_redeemed: number;
	valid: boolean;
}

/** What a coupon takes off an amount, never more than the amount. */
export function discountOf(coupon: Coupon, amount: number): number {
	if (coupon.amount_off !== null) return Math.min(amount, coupon.amount_off);
	return Math.round((amount * (coupon.percent_off ?? 0)) / 100);
}
