import { pageQuery } from '@autopilot/http';
import { z } from 'zod';
import { minorUnits, money } from '../money/money.ts';

const country = z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 code such as DE');
const fields = {
	name: z.string().trim().min(1).max(100),
	countries: z.array(country).max(250).describe('Where it goes; empty is everywhere'),
	price: money,
	freeFrom: minorUnits
		.min(1)
		.nullable()
		.describe('Goods worth this much, after the coupon, travel free; in the currency of price'),
	estimate: z.string().trim().min(1).max(100).nullable().describe('e.g. "2 to 3 days"'),
	active: z.boolean(),
};

export const createShippingOption = z.object({
	...fields,
	countries: fields.countries.default([]),
	freeFrom: fields.freeFrom.default(null),
	estimate: fields.estimate.default(null),
	active: fields.active.default(true),
});
export type CreateShippingOption = z.output<typeof createShippingOption>;

export const updateShippingOption = z
	.object(fields)
	.partial()
	.refine((patch) => Object.keys(patch).length > 0, 'names nothing to change');
export type UpdateShippingOption = z.output<typeof updateShippingOption>;

export const shippingOption = z.object({
	...fields,
	id: z.uuid(),
	createdAt: z.iso.datetime(),
	updatedAt: z.iso.datetime(),
});
export type ShippingOption = z.output<typeof shippingOption>;

export const listShippingOptions = z.object({
	...pageQuery,
	cursor: z.uuid().optional(),
	country: country.optional().describe('Only those that go there'),
});
export type ListShippingOptions = z.output<typeof listShippingOptions>;
