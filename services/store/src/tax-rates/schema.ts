import { pageQuery } from '@autopilot/http';
import { z } from 'zod';
import { delivery } from '../products/schema.ts';

const fields = {
	name: z.string().trim().min(1).max(100).describe('As it stands on the bill, e.g. "VAT 19 %"'),
	country: z
		.string()
		.regex(/^([A-Z]{2}|\*)$/, 'must be an ISO 3166-1 code such as DE, or *')
		.describe('ISO 3166-1 alpha-2; * is everywhere that has no rate of its own'),
	region: z
		.string()
		.regex(/^[A-Z0-9]{1,3}$/, 'must be an ISO 3166-2 code without the country, such as CA')
		.nullable()
		.describe('null is the whole country'),
	delivery: delivery.nullable().describe('null is both; shipping is taxed as physical goods are'),
	basisPoints: z.int().min(0).max(10_000).describe('1900 is 19 %'),
	inclusive: z.boolean().describe('Prices contain it already'),
	active: z.boolean(),
};

export const createTaxRate = z.object({
	...fields,
	region: fields.region.default(null),
	delivery: fields.delivery.default(null),
	inclusive: fields.inclusive.default(false),
	active: fields.active.default(true),
});
export type CreateTaxRate = z.output<typeof createTaxRate>;

export const updateTaxRate = z
	.object(fields)
	.partial()
	.refine((patch) => Object.keys(patch).length > 0, 'names nothing to change');
export type UpdateTaxRate = z.output<typeof updateTaxRate>;

export const taxRate = z.object({
	...fields,
	id: z.uuid(),
	createdAt: z.iso.datetime(),
	updatedAt: z.iso.datetime(),
});
export type TaxRate = z.output<typeof taxRate>;

export const listTaxRates = z.object({
	...pageQuery,
	cursor: z.uuid().optional(),
	country: fields.country.optional(),
});
export type ListTaxRates = z.output<typeof listTaxRates>;
