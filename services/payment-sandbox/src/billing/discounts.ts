import { discountOf, type Coupon } from './coupon.ts';
import type { Subscription } from './subscription.ts';
import type { Sandbox } from '../sandbox.ts';

interface Kept {
	coupon: Coupon;
	/** Seconds; null is for ever. */
	until: number | null;
}

const MONTH = 30 * 86_400;

/** Keeps a coupon for the invoices after the first one, which uses up a coupon of duration `once`. */
export function keepCoupon(
	{ state }: Sandbox,
	subscription: string,
	coupon: Coupon,
	now: number,
): void {
	if (coupon.duration === 'once') return;
	const until =
		coupon.duration === 'forever' ? null : now + (coupon.duration_in_months ?? 1) * MONTH;
	state.set(nameOf(subscription), { coupon, until } satisfies Kept);
}

/** What the coupon of a subscription takes off an invoice of the time `at`. */
export function discountAt({ state }: Sandbox, { id, items }: Subscription, at: number): number {
	const kept = state.setting<Kept | null>(nameOf(id), null);
	if (kept === null || (kept.until !== null && kept.until < at)) return 0;
	const amount = items.data.reduce(
		(sum, { price, quantity }) => sum + price.unit_amount * quantity,
		0,
	);
	return discountOf(kept.coupon, amount);
}

function nameOf(subscription: string): string {
	return `coupon:${subscription}`;
}
