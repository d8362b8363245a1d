import { z } from 'zod';

// Only what is read of Stripe's objects (API 2026-10-28.endive). A reference may come expanded, whatever we asked for.
const ref = z
	.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)])
	.nullish()
	.transform((id) => id ?? undefined);
const seconds = z
	.number()
	.nullish()
	.transform((value) => (value == null ? undefined : new Date(value * 1000)));
const text = z
	.string()
	.nullish()
	.transform((value) => value ?? undefined);
// Others may use the same account: what carries no id of ours is not ours.
const ours = z.uuid().optional().catch(undefined);
const metadata = z
	.object({ order_id: ours, payment_id: ours, refund_id: ours })
	.nullish()
	.transform(
		(value) => value ?? { order_id: undefined, payment_id: undefined, refund_id: undefined },
	);

export const stripeSession = z.object({
	id: z.string(),
	client_reference_id: z.uuid().nullish().catch(undefined),
	metadata,
	mode: z.string(),
	payment_status: z.string(),
	amount_total: z.number().nullish(),
	currency: z.string().nullish(),
	customer: ref,
	invoice: ref,
	payment_intent: ref,
	subscription: ref,
});

export const stripePaymentIntent = z.object({
	id: z.string(),
	metadata,
	amount: z.number(),
	amount_received: z.number().default(0),
	currency: z.string(),
	customer: ref,
	latest_charge: ref,
	last_payment_error: z
		.object({
			code: z.string().optional(),
			message: z.string().optional(),
			payment_method: z.object({ type: z.string() }).nullish().catch(undefined),
		})
		.nullish(),
	status: z.string(),
	created: z.number(),
});

export const stripeRefund = z.object({
	id: z.string(),
	metadata,
	amount: z.number(),
	currency: z.string(),
	charge: ref,
	payment_intent: ref,
	reason: text,
	failure_reason: text,
	status: text,
	created: z.number(),
});

export const stripeDispute = z.object({
	id: z.string(),
	amount: z.number(),
	currency: z.string(),
	charge: ref,
	payment_intent: ref,
	reason: text,
	status: z.string(),
	evidence_details: z.object({ due_by: seconds }).nullish(),
});

export const stripeSubscription = z.object({
	id: z.string(),
	metadata,
	customer: ref,
	status: z.string(),
	cancel_at_period_end: z.boolean().default(false),
	cancel_at: seconds,
	canceled_at: seconds,
	ended_at: seconds,
	trial_end: seconds,
	pause_collection: z.object({ behavior: z.string() }).nullish(),
	// Since 2025-03 the period is that of the item.
	items: z.object({
		data: z.array(z.object({ current_period_start: seconds, current_period_end: seconds })),
	}),
});

export const stripeInvoice = z.object({
	id: z.string(),
	number: text,
	metadata,
	parent: z
		.object({
			subscription_details: z.object({ subscription: ref, metadata }).nullish(),
		})
		.nullish(),
	customer: ref,
	status: z.enum(['draft', 'open', 'paid', 'uncollectible', 'void']).nullish(),
	billing_reason: text,
	total: z.number(),
	amount_paid: z.number(),
	currency: z.string(),
	hosted_invoice_url: text,
	invoice_pdf: text,
	lines: z
		.object({
			data: z.array(z.object({ period: z.object({ start: seconds, end: seconds }).optional() })),
		})
		.optional(),
	period_start: seconds,
	period_end: seconds,
	// Only when asked for: events come without.
	payments: z
		.object({ data: z.array(z.object({ payment: z.object({ payment_intent: ref }) })) })
		.nullish(),
});

export const stripeInvoicePayment = z.object({
	id: z.string(),
	invoice: ref,
	payment: z.object({ payment_intent: ref }),
	status: z.string(),
});

export const stripePayout = z.object({
	id: z.string(),
	amount: z.number(),
	currency: z.string(),
	status: z.string(),
});

/** The envelope that every event has; v2 ("thin") events have another one and are none of our business. */
export const stripeEvent = z.object({
	id: z.string(),
	type: z.string(),
	created: z.union([z.number(), z.string()]),
	data: z.object({ object: z.looseObject({ id: z.string().optional() }) }).optional(),
});
