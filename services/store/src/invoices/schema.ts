import { pageQuery } from '@autopilot/http';
import { z } from 'zod';

const instant = z.iso.datetime();

export const invoice = z.object({
	id: z.uuid(),
	gateway: z.string(),
	invoiceRef: z.string().describe("The gateway's id of it"),
	number: z.string().nullable(),
	orderId: z.uuid(),
	subscriptionId: z.uuid().nullable(),
	status: z.enum(['draft', 'open', 'paid', 'uncollectible', 'void']),
	amount: z.int(),
	paid: z.int(),
	refunded: z.int().describe('What has gone back of its payment'),
	currency: z.string(),
	url: z.string().nullable().describe('Page of the invoice at the gateway'),
	pdfUrl: z.string().nullable(),
	periodStart: instant.nullable(),
	periodEnd: instant.nullable(),
	createdAt: instant,
});
export type Invoice = z.output<typeof invoice>;

export const listInvoices = z.object({
	...pageQuery,
	orderId: z.uuid().optional(),
	subscriptionId: z.uuid().optional(),
});
export type ListInvoices = z.output<typeof listInvoices>;
