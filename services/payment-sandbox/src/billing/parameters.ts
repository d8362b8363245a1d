import { z } from 'zod';
import { count, currency, flag, metadata, text } from '../wire/parameters.ts';

export const recurring = z.strictObject({
	interval: z.enum(['day', 'week', 'month', 'year']),
	interval_count: count.pipe(z.number().min(1).max(36)).optional(),
	usage_type: z.literal('licensed').optional(),
});

export const productFields = {
	name: text,
	active: flag.optional(),
	description: text.optional(),
	images: z.array(text).max(8).optional(),
	metadata: metadata.optional(),
	shippable: flag.optional(),
	tax_code: text.optional(),
	url: text.optional(),
};

/** A price made on the spot. Amounts are whole minor units: `unit_amount_decimal` isn't needed for them. */
export const priceData = z.strictObject({
	currency,
	unit_amount: count,
	product: text.optional(),
	product_data: z.strictObject(productFields).optional(),
	recurring: recurring.optional(),
	tax_behavior: z.enum(['exclusive', 'inclusive', 'unspecified']).optional(),
});
