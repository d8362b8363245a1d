import { pageQuery } from '@autopilot/http';
import { z } from 'zod';
import { orderSummary } from '../payments/schema.ts';

const instant = z.iso.datetime();

export const disputeState = z
	.enum(['inquiry', 'open', 'won', 'lost'])
	.describe('inquiry: the bank asks, no money has been taken');

export const dispute = z.object({
	id: z.uuid(),
	paymentId: z.uuid(),
	orderId: z.uuid(),
	order: orderSummary,
	gateway: z.string(),
	disputeRef: z.string().describe("The gateway's id of it"),
	status: disputeState,
	amount: z.int(),
	currency: z.string(),
	reason: z.string().nullable(),
	evidenceDueAt: instant.nullable().describe('Answer the bank before that, at the gateway'),
	correlationId: z.string(),
	createdAt: instant,
	updatedAt: instant,
	closedAt: instant.nullable(),
});
export type Dispute = z.output<typeof dispute>;

export const listDisputes = z.object({
	...pageQuery,
	orderId: z.uuid().optional(),
	status: disputeState.optional(),
});
export type ListDisputes = z.output<typeof listDisputes>;
