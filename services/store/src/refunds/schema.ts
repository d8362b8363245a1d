import { pageQuery } from '@autopilot/http';
import { z } from 'zod';
import { orderSummary } from '../payments/schema.ts';

const instant = z.iso.datetime();

export const refundState = z
	.enum(['requested', 'pending', 'succeeded', 'failed'])
	.describe('requested: the gateway has not answered yet. pending: it is on its way');

export const refundLine = z.object({ lineId: z.uuid(), quantity: z.int().min(1) });
export type RefundLine = z.output<typeof refundLine>;

export const refund = z.object({
	id: z.uuid(),
	paymentId: z.uuid(),
	orderId: z.uuid(),
	order: orderSummary,
	subscriptionId: z.uuid().nullable().describe('Whose renewal it gives back; null for an order'),
	status: refundState,
	origin: z
		.enum(['request', 'automatic', 'gateway'])
		.describe('automatic: of money the order could not use. gateway: made there by hand'),
	amount: z.int().describe('Minor units'),
	currency: z.string(),
	reason: z.string().nullable(),
	lines: z.array(refundLine),
	gateway: z.string(),
	refundRef: z.string().nullable().describe("The gateway's id of it"),
	failure: z.string().nullable(),
	correlationId: z.string(),
	createdAt: instant,
	updatedAt: instant,
	succeededAt: instant.nullable(),
});
export type Refund = z.output<typeof refund>;

export const createRefund = z
	.object({
		orderId: z.uuid().optional().describe('Refunds the payment that paid the order'),
		paymentId: z.uuid().optional(),
		amount: z
			.int()
			.min(1)
			.optional()
			.describe('Minor units; all that is left when neither this nor lines is given'),
		lines: z.array(refundLine).min(1).max(100).optional(),
		reason: z.string().trim().min(1).max(200).optional(),
	})
	.refine(
		({ orderId, paymentId }) => (orderId === undefined) !== (paymentId === undefined),
		'needs either orderId or paymentId',
	)
	.refine(({ amount, lines }) => amount === undefined || lines === undefined, {
		error: 'is either an amount or lines',
		path: ['amount'],
	});
export type CreateRefund = z.output<typeof createRefund>;

export const listRefunds = z.object({
	...pageQuery,
	orderId: z.uuid().optional(),
	paymentId: z.uuid().optional(),
	status: refundState.optional(),
});
export type ListRefunds = z.output<typeof listRefunds>;
