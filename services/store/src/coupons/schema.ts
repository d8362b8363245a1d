import { pageQuery } from '@autopilot/http';
import { z } from 'zod';
import { money } from '../money/money.ts';

const text = (max: number) => z.string().trim().min(1).max(max);
const time = z.iso.datetime({ offset: true });
const code = z
	.string()
	.trim()
	.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,49}$/, 'must be 1 to 50 letters, digits, _ and -')
	.transform((value) => value.toUpperCase());
const basisPoints = z.int().min(1).max(10_000).describe('1500 is 15 %');
const price = money.refine(({ amount }) => amount > 0, 'must be more than 0');
const duration = z
	.enum(['once', 'forever'])
	.describe('Of a subscription: off the first payment (once, the default), or off every one');
export type Duration = z.output<typeof duration>;
const limits = {
	description: text(500).nullable(),
	minSubtotal: price.nullable().describe('Least worth of the goods, before the coupon'),
	productIds: z.array(z.uuid()).min(1).max(100).nullable().describe('Only for these; null is all'),
	maxRedemptions: z.int().min(1).max(2_000_000_000).nullable(),
	maxPerCustomer: z.int().min(1).max(1_000_000).nullable().describe('Counted by e-mail address'),
	startsAt: time.nullable(),
	expiresAt: time.nullable(),
	active: z.boolean(),
};

export const createCoupon = z
	.object({
		code,
		kind: z.enum(['percent', 'fixed']),
		basisPoints: basisPoints.optional().describe('Of a percent coupon: 1500 is 15 %'),
		amount: price.optional().describe('Of a fixed coupon'),
		duration: duration.optional(),
	})
	.extend(z.object(limits).partial().shape)
	.refine(({ kind, basisPoints: points }) => (kind === 'percent') === (points !== undefined), {
		path: ['basisPoints'],
		error: 'is needed for kind percent, and only there',
	})
	.refine(({ kind, amount }) => (kind === 'fixed') === (amount !== undefined), {
		path: ['amount'],
		error: 'is needed for kind fixed, and only there',
	})
	.refine(
		({ amount, minSubtotal }) =>
			(minSubtotal?.currency ?? amount?.currency) === (amount ?? minSubtotal)?.currency,
		{ path: ['minSubtotal'], error: 'must have the currency of amount' },
	);
export type CreateCoupon = z.output<typeof createCoupon>;

export const updateCoupon = z
	.object(limits)
	.partial()
	.refine((patch) => Object.keys(patch).length > 0, 'names nothing to change');
export type UpdateCoupon = z.output<typeof updateCoupon>;

export const coupon = z.object({
	id: z.uuid(),
	code: z.string(),
	kind: z.enum(['percent', 'fixed']),
	basisPoints: z.int().nullable(),
	amount: money.nullable(),
	duration,
	description: z.string().nullable(),
	minSubtotal: money.nullable(),
	productIds: z.array(z.uuid()).nullable(),
	maxRedemptions: z.int().nullable(),
	maxPerCustomer: z.int().nullable(),
	redeemed: z.int().describe('By orders that are paid, or still may be'),
	startsAt: z.iso.datetime().nullable(),
	expiresAt: z.iso.datetime().nullable(),
	active: z.boolean(),
	createdAt: z.iso.datetime(),
	updatedAt: z.iso.datetime(),
});
export type Coupon = z.output<typeof coupon>;

export const listCoupons = z.object({
	...pageQuery,
	cursor: z.uuid().optional(),
	code: z.string().trim().min(1).max(50).optional(),
	active: z.stringbool().optional(),
});
export type ListCoupons = z.output<typeof listCoupons>;
