import { conflict, type Problem, unprocessable } from '@autopilot/http';
import { formatMoney } from '../money/money.ts';
import { discountable, type PriceableLine } from '../orders/pricing.ts';
import type { QuotedCoupon } from '../orders/quote.ts';

/** 409: somebody else, or this customer before, has had the last redemption. */
export function couponUsedUp(code: string): Problem {
	return conflict(
		'coupon_used_up',
		`The coupon ${code} has been redeemed as often as it may be. Order without it.`,
	);
}

/** Why a coupon can't be redeemed for these lines, or undefined when it can (or none was asked for). */
export function couponProblem(
	code: string | undefined,
	order: { coupon: QuotedCoupon | null; lines: readonly PriceableLine[]; currency: string },
): Problem | undefined {
	const { coupon, lines, currency } = order;
	if (code === undefined) return undefined;
	const refuse = (problem: string, detail: string) =>
		unprocessable(problem, `${detail} Order without it.`, [
			{ pointer: '/couponCode', detail: 'can not be redeemed' },
		]);
	if (coupon === null) return refuse('coupon_unknown', `There is no coupon ${code}.`);
	if (!coupon.active || coupon.ended) {
		return refuse('coupon_expired', `The coupon ${coupon.code} is not valid any more.`);
	}
	if (!coupon.started) {
		return refuse('coupon_not_started', `The coupon ${coupon.code} is not valid yet.`);
	}
	if (coupon.usedUp || coupon.usedUpByCustomer) return couponUsedUp(coupon.code);
	if (coupon.currency !== null && coupon.currency !== currency) {
		const detail = `The coupon ${coupon.code} is for orders in ${coupon.currency}.`;
		return refuse('coupon_not_applicable', detail);
	}
	if (discountable(lines, coupon.productIds) === 0) {
		const detail = `The coupon ${coupon.code} is for other products.`;
		return refuse('coupon_not_applicable', detail);
	}
	const { minSubtotal } = coupon;
	if (minSubtotal !== null && discountable(lines, null) < minSubtotal) {
		const least = formatMoney({ amount: minSubtotal, currency });
		const detail = `The coupon ${coupon.code} is for orders of ${least} or more.`;
		return refuse('coupon_not_applicable', detail);
	}
	return undefined;
}
