import { pageQuery } from '@autopilot/http';
import { z } from 'zod';
import { orderSummary } from '../payments/schema.ts';

const instant = z.iso.datetime();

export const subscriptionState = z
	.enum(['incomplete', 'trialing', 'active', 'past_due', 'unpaid', 'paused', 'cancelled'])
	.describe('past_due: a renewal failed, and the grace runs. unpaid: the grace is over');

export const subscription = z.object({
	id: z.uuid(),
	orderId: z.uuid(),
	order: orderSummary,
	orderLineId: z.uuid().nullable(),
	plan: z
		.object({
			id: z.uuid(),
			name: z.string(),
			interval: z.string(),
			intervalCount: z.int(),
			tier: z.string().nullable(),
		})
		.nullable(),
	gateway: z.string(),
	subscriptionRef: z.string().describe("The gateway's id of it"),
	status: subscriptionState,
	currentPeriodStart: instant.nullable(),
	currentPeriodEnd: instant.nullable(),
	trialEndsAt: instant.nullable(),
	cancelAtPeriodEnd: z.boolean(),
	cancellation: z
		.object({
			reason: z.enum(['order_refunded', 'order_cancelled', 'payment_rejected']),
			requestedAt: instant,
			failure: z.string().nullable().describe('Why the gateway has not done it yet'),
		})
		.nullable()
		.describe('The store ends it by itself, at once; null when it does not'),
	cancelledAt: instant.nullable(),
	endedAt: instant.nullable(),
	pausedAt: instant.nullable(),
	graceUntil: instant.nullable(),
	refunded: z
		.int()
		.describe('Of its renewals, minor units; what went back of the first period is with the order'),
	correlationId: z.string(),
	createdAt: instant,
	updatedAt: instant,
});
export type Subscription = z.output<typeof subscription>;

export const listSubscriptions = z.object({
	...pageQuery,
	status: subscriptionState.optional(),
	orderId: z.uuid().optional(),
	customerId: z.uuid().optional(),
	planId: z.uuid().optional(),
});
export type ListSubscriptions = z.output<typeof listSubscriptions>;

export const cancelSubscription = z
	.object({
		atPeriodEnd: z
			.boolean()
			.default(true)
			.describe('False ends it now, and what is paid of the period is lost'),
	})
	.default({ atPeriodEnd: true });

export const membership = z.object({
	customerId: z.uuid(),
	tier: z.string().nullable().describe('Null without a subscription that counts'),
	subscriptionId: z.uuid().nullable(),
	status: subscriptionState.nullable(),
	planId: z.uuid().nullable(),
	currentPeriodEnd: instant.nullable(),
	graceUntil: instant.nullable(),
	cancelAtPeriodEnd: z.boolean(),
});
export type Membership = z.output<typeof membership>;
