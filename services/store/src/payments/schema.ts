import { pageQuery } from '@autopilot/http';
import { z } from 'zod';
import { address } from '../orders/schema.ts';

const instant = z.iso.datetime();
const amount = z.int();

export const paymentState = z
	.enum(['creating', 'open', 'pending', 'succeeded', 'failed', 'expired', 'rejected'])
	.describe(
		'open: the pay page is there. pending: a slow method has yet to come through. rejected: taken, but not what the order needs; it goes back by itself',
	);

export const rejection = z.enum([
	'wrong_amount',
	'wrong_currency',
	'order_cancelled',
	'already_paid',
	'stock_failed',
]);
export type Rejection = z.output<typeof rejection>;

/** What of an order every payment, refund and dispute tells, so that a flow need not ask. */
export const orderSummary = z.object({
	id: z.uuid(),
	number: z.string(),
	status: z.string(),
	email: z.string(),
	name: z.string().nullable(),
	locale: z.string(),
	customerId: z.uuid().nullable(),
	currency: z.string(),
	total: amount,
	campaignId: z.string().nullable(),
	workflowId: z.string().nullable(),
});

export const payment = z.object({
	id: z.uuid(),
	orderId: z.uuid(),
	order: orderSummary,
	subscriptionId: z.uuid().nullable(),
	kind: z.enum(['order', 'renewal']),
	gateway: z.string(),
	status: paymentState,
	rejection: rejection.nullable(),
	superseded: z.boolean().describe('Its order has got another price since; it does not pay it'),
	amount: amount.describe('What was asked for, in minor units'),
	currency: z.string(),
	captured: amount,
	refunded: amount,
	refundPending: amount.describe('On its way back'),
	disputed: amount,
	fee: amount.nullable().describe('What the gateway kept; null until it has told'),
	sessionRef: z.string().nullable(),
	paymentRef: z.string().nullable().describe("The gateway's id of it"),
	chargeRef: z.string().nullable(),
	invoiceRef: z.string().nullable(),
	failure: z.object({ code: z.string(), message: z.string() }).nullable(),
	correlationId: z.string(),
	createdAt: instant,
	updatedAt: instant,
	succeededAt: instant.nullable(),
});
export type Payment = z.output<typeof payment>;

export const listPayments = z.object({
	...pageQuery,
	orderId: z.uuid().optional(),
	status: paymentState.optional(),
});
export type ListPayments = z.output<typeof listPayments>;

const page = z.url({ protocol: /^https?$/ }).max(2000);

export const createCheckout = z
	.object({
		gateway: z
			.enum(['stripe', 'razorpay'])
			.optional()
			.describe('The first configured one when not given'),
		successUrl: page.optional().describe("The buyer's page of the order when not given"),
		cancelUrl: page.optional(),
		shippingAddress: address
			.optional()
			.describe('Changes the order first, and what it costs there'),
		billingAddress: address.optional(),
	})
	.default({});
export type CreateCheckout = z.output<typeof createCheckout>;

export const checkout = z.object({
	url: z.string().describe('Send the buyer there'),
	expiresAt: instant,
	payment,
});
export type Checkout = z.output<typeof checkout>;
