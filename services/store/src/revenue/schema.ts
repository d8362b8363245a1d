import { z } from 'zod';
import { currencyCode } from '../money/money.ts';

const amount = z.int();

export const revenueQuery = z.object({
	groupBy: z
		.enum(['day', 'product', 'campaign', 'workflow', 'correlation'])
		.default('day')
		.describe('day is of UTC; campaign is that of the mail which led to the order'),
	from: z.iso
		.datetime({ offset: true })
		.optional()
		.describe('At or after; 30 days ago when not given'),
	to: z.iso.datetime({ offset: true }).optional().describe('Before; now when not given'),
	currency: currencyCode.optional(),
});
export type RevenueQuery = z.output<typeof revenueQuery>;

export const revenueRow = z.object({
	key: z
		.string()
		.nullable()
		.describe(
			'Day, or id of product, campaign ...; null for what has none, as shipping of products',
		),
	label: z.string().nullable().describe('Title of the product'),
	currency: z.string(),
	orders: z.int().describe('Orders that were paid'),
	revenue: amount.describe('Sold, without tax; minor units'),
	tax: amount,
	refunds: amount,
	disputes: amount,
	fees: amount,
	net: amount.describe('revenue - refunds - disputes - fees'),
});
export type RevenueRow = z.output<typeof revenueRow>;

export const revenue = z.object({
	groupBy: z.string(),
	from: z.iso.datetime(),
	to: z.iso.datetime(),
	data: z.array(revenueRow),
	totals: z.array(revenueRow.omit({ key: true, label: true })),
});
