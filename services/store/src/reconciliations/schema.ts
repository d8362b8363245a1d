import { pageQuery } from '@autopilot/http';
import { z } from 'zod';

const instant = z.iso.datetime();

export const difference = z.object({
	kind: z.enum([
		'payment_missing',
		'payment_differs',
		'payment_unknown_to_gateway',
		'refund_missing',
		'refund_differs',
		'event_missed',
		'event_dead',
	]),
	ref: z.string().describe("The gateway's id"),
	orderId: z.string().nullable(),
	ours: z.string().nullable(),
	theirs: z.string().nullable(),
	repair: z
		.enum(['event_queued', 'none'])
		.describe('event_queued: the missed event is in the inbox now. none: somebody must look'),
});
export type Difference = z.output<typeof difference>;

export const reconciliation = z.object({
	id: z.uuid(),
	gateway: z.string(),
	status: z.enum(['running', 'succeeded', 'failed']),
	windowStart: instant,
	windowEnd: instant,
	checked: z.int().describe('Payments, refunds and events compared'),
	repaired: z.int().describe('Missed events that were put into the inbox'),
	differences: z.array(difference),
	error: z.string().nullable(),
	createdAt: instant,
	finishedAt: instant.nullable(),
});
export type Reconciliation = z.output<typeof reconciliation>;

export const createReconciliation = z
	.object({
		gateway: z.enum(['stripe', 'razorpay']).optional(),
		from: z.iso.datetime({ offset: true }).optional().describe('Two days ago when not given'),
		to: z.iso.datetime({ offset: true }).optional().describe('Now when not given'),
	})
	.default({});
export type CreateReconciliation = z.output<typeof createReconciliation>;

export const listReconciliations = z.object({ ...pageQuery });
export type ListReconciliations = z.output<typeof listReconciliations>;
