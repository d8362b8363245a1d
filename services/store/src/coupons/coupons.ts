import { conflict, notFound, unprocessable } from '@autopilot/http';
import { onUniqueViolation, type Queryable, type Tx } from '@autopilot/postgres';
import type { Coupon, CreateCoupon, UpdateCoupon } from './schema.ts';
import { deleteCouponRow, findCoupon, insertCoupon, lockCoupon, updateCouponRow } from './store.ts';

const TAKEN = {
	coupons_code_key: () =>
		unprocessable('coupon_code_taken', 'Another coupon has this code. Choose another one.', [
			{ pointer: '/code', detail: 'is taken' },
		]),
};

export async function createCoupon(tx: Tx, input: CreateCoupon): Promise<Coupon> {
	const coupon = await onUniqueViolation(TAKEN, () =>
		insertCoupon(tx, {
			code: input.code,
			kind: input.kind,
			basisPoints: input.basisPoints ?? null,
			amount: input.amount ?? null,
			duration: input.duration ?? 'once',
			description: input.description ?? null,
			minSubtotal: input.minSubtotal ?? null,
			productIds: input.productIds ?? null,
			maxRedemptions: input.maxRedemptions ?? null,
			maxPerCustomer: input.maxPerCustomer ?? null,
			startsAt: input.startsAt ?? null,
			expiresAt: input.expiresAt ?? null,
			active: input.active ?? true,
		}),
	);
	return found(coupon, input.code);
}

export async function getCoupon(db: Queryable, id: string): Promise<Coupon> {
	return found(await findCoupon(db, id), id);
}

/** Changes limits and validity. What it takes off stays: orders were priced with it. */
export async function updateCoupon(tx: Tx, id: string, patch: UpdateCoupon): Promise<Coupon> {
	const before = found(await lockCoupon(tx, id), id);
	const most = patch.maxRedemptions ?? before.redeemed;
	if (most < before.redeemed) {
		throw conflict(
			'coupon_redeemed',
			`It has been redeemed ${before.redeemed} times already. Set maxRedemptions to that or more, or active to false.`,
		);
	}
	if (
		before.amount !== null &&
		patch.minSubtotal &&
		patch.minSubtotal.currency !== before.amount.currency
	) {
		throw unprocessable('currency_mismatch', 'minSubtotal must have the currency of amount.', [
			{ pointer: '/minSubtotal/currency', detail: `must be ${before.amount.currency}` },
		]);
	}
	return found(await updateCouponRow(tx, id, Object.assign({ ...before }, patch)), id);
}

/** Orders that were made with it keep their price. */
export async function deleteCoupon(tx: Tx, id: string): Promise<void> {
	if (!(await deleteCouponRow(tx, id))) throw notFound('coupon', id);
}

function found(coupon: Coupon | undefined, id: string): Coupon {
	if (coupon === undefined) throw notFound('coupon', id);
	return coupon;
}
