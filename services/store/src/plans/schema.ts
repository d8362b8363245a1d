import { pageQuery } from '@autopilot/http';
import { z } from 'zod';

const interval = z.enum(['day', 'week', 'month', 'year']);
const instant = z.iso.datetime();

const fields = {
	name: z.string().trim().min(1).max(200),
	interval,
	intervalCount: z.int().min(1).max(36),
	trialDays: z.int().min(0).max(730),
	graceDays: z
		.int()
		.min(0)
		.max(90)
		.describe('Days that a failed renewal is waited for before the subscription is unpaid'),
	tier: z.string().trim().min(1).max(50).nullable().describe('Membership tier of who has it'),
	tierRank: z.int().min(0).max(1000).describe('The higher one counts, for who has two'),
};

export const createPlan = z.object({
	variantId: z.uuid().describe('What is sold by this plan: its price is paid each interval'),
	name: fields.name.optional().describe('Title of the variant when not given'),
	interval: fields.interval,
	intervalCount: fields.intervalCount.default(1),
	trialDays: fields.trialDays.default(0),
	graceDays: fields.graceDays.default(7),
	tier: fields.tier.default(null),
	tierRank: fields.tierRank.default(0),
});
export type CreatePlan = z.output<typeof createPlan>;

export const updatePlan = z
	.object(fields)
	.partial()
	.refine((patch) => Object.keys(patch).length > 0, 'names nothing to change');
export type UpdatePlan = z.output<typeof updatePlan>;

export const plan = z.object({
	id: z.uuid(),
	variantId: z.uuid(),
	sku: z.string(),
	productId: z.uuid(),
	...fields,
	createdAt: instant,
	updatedAt: instant,
});
export type Plan = z.output<typeof plan>;

export const listPlans = z.object({ ...pageQuery, tier: z.string().max(50).optional() });
export type ListPlans = z.output<typeof listPlans>;
