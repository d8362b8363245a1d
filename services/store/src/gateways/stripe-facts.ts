import { z } from 'zod';
import type {
	DisputeChanged,
	Fact,
	InvoiceChanged,
	PaymentNames,
	RefundChanged,
	SubscriptionChanged,
	SubscriptionStatus,
} from './gateway.ts';
import { fromStripeAmount } from './stripe-amounts.ts';
import {
	stripeDispute,
	stripeEvent,
	stripeInvoice,
	stripeInvoicePayment,
	stripePaymentIntent,
	stripePayout,
	stripeRefund,
	stripeSession,
	stripeSubscription,
} from './stripe-objects.ts';

type Read = (object: unknown, type: string) => Fact[];

const READERS: Record<string, Read> = {
	'checkout.session.completed': readSession,
	'checkout.session.async_payment_succeeded': readSession,
	'checkout.session.async_payment_failed': readSession,
	'checkout.session.expired': readSession,
	'payment_intent.succeeded': readPaymentIntent,
	'payment_intent.processing': readPaymentIntent,
	'payment_intent.payment_failed': readPaymentIntent,
	'refund.created': (object) => [refundOf(object)],
	'refund.updated': (object) => [refundOf(object)],
	'refund.failed': (object) => [refundOf(object)],
	'charge.refund.updated': (object) => [refundOf(object)],
	'charge.dispute.created': (object) => [disputeOf(object)],
	'charge.dispute.updated': (object) => [disputeOf(object)],
	'charge.dispute.closed': (object) => [disputeOf(object)],
	'charge.dispute.funds_withdrawn': (object) => [disputeOf(object)],
	'charge.dispute.funds_reinstated': (object) => [disputeOf(object)],
	'customer.subscription.created': (object) => [subscriptionOf(object)],
	'customer.subscription.updated': (object) => [subscriptionOf(object)],
	'customer.subscription.paused': (object) => [subscriptionOf(object)],
	'customer.subscription.resumed': (object) => [subscriptionOf(object)],
	'customer.subscription.deleted': (object) => [subscriptionOf(object)],
	'invoice.finalized': readInvoice,
	'invoice.paid': readInvoice,
	'invoice.payment_failed': readInvoice,
	'invoice.voided': readInvoice,
	'invoice.marked_uncollectible': readInvoice,
	'invoice_payment.paid': readInvoicePayment,
	'payout.paid': readPayout,
	'payout.failed': readPayout,
};

/** What a Stripe event says; nothing for the types that we don't follow. */
export function readStripeEvent(event: { type: string; raw: string; fetched: unknown }): Fact[] {
	const read = READERS[event.type];
	if (read === undefined) return [];
	if (event.fetched !== null && event.fetched !== undefined) return read(event.fetched, event.type);
	const { data } = stripeEvent.parse(JSON.parse(event.raw));
	return read(data?.object, event.type);
}

/** Ours if it says so, else the object that it belongs to: what must be handled one after the other. */
export function stripeObjectKey(object: Record<string, unknown>): string {
	const names = keyNames.parse(object);
	return (
		names.metadata?.order_id ??
		names.client_reference_id ??
		names.parent?.subscription_details?.metadata?.order_id ??
		names.payment_intent ??
		names.id ??
		'none'
	);
}

const keyNames = z
	.object({
		id: z.string(),
		client_reference_id: z.uuid(),
		metadata: z.object({ order_id: z.uuid() }),
		parent: z.object({
			subscription_details: z.object({ metadata: z.object({ order_id: z.uuid() }) }),
		}),
		payment_intent: z.string(),
	})
	.partial()
	.extend({
		client_reference_id: z.uuid().optional().catch(undefined),
		metadata: z.object({ order_id: z.uuid() }).optional().catch(undefined),
		parent: z
			.object({ subscription_details: z.object({ metadata: z.object({ order_id: z.uuid() }) }) })
			.optional()
			.catch(undefined),
		payment_intent: z.string().optional().catch(undefined),
	});

function readSession(object: unknown, type: string): Fact[] {
	const session = stripeSession.parse(object);
	const names: PaymentNames = {
		orderId: session.metadata.order_id ?? session.client_reference_id ?? undefined,
		paymentId: session.metadata.payment_id,
		sessionRef: session.id,
		paymentRef: session.payment_intent,
		invoiceRef: session.invoice,
		customerRef: session.customer,
		subscriptionRef: session.subscription,
	};
	if (type === 'checkout.session.expired') return [{ kind: 'checkout_expired', ...names }];
	if (type === 'checkout.session.async_payment_failed') {
		return [
			{
				kind: 'payment_failed',
				...names,
				code: 'async_payment_failed',
				message: 'The bank did not pay.',
				final: true,
			},
		];
	}
	// `completed` says that the buyer is done, not that there is money.
	if (session.payment_status === 'unpaid') return [{ kind: 'payment_pending', ...names }];
	const currency = (session.currency ?? '').toUpperCase();
	const amount = fromStripeAmount(session.amount_total ?? 0, currency);
	return [{ kind: 'payment_succeeded', ...names, amount, currency }];
}

/** Methods whose money comes, or does not come, after the pay page was done with: Stripe's "delayed notification". */
const SLOW = new Set([
	...['acss_debit', 'au_becs_debit', 'bacs_debit', 'boleto', 'customer_balance', 'konbini'],
	...['multibanco', 'nz_bank_account', 'oxxo', 'payto', 'sepa_debit', 'sofort', 'us_bank_account'],
]);

function readPaymentIntent(object: unknown, type: string): Fact[] {
	const intent = stripePaymentIntent.parse(object);
	const names: PaymentNames = {
		orderId: intent.metadata.order_id,
		paymentId: intent.metadata.payment_id,
		paymentRef: intent.id,
		chargeRef: intent.latest_charge,
		customerRef: intent.customer,
	};
	if (type === 'payment_intent.processing') return [{ kind: 'payment_pending', ...names }];
	if (type === 'payment_intent.payment_failed') {
		const error = intent.last_payment_error;
		return [
			{
				kind: 'payment_failed',
				...names,
				code: error?.code ?? 'declined',
				message: error?.message ?? 'The payment was declined.',
				final: false,
				bySlowMethod: SLOW.has(error?.payment_method?.type ?? ''),
			},
		];
	}
	const currency = intent.currency.toUpperCase();
	const amount = fromStripeAmount(intent.amount_received, currency);
	return [{ kind: 'payment_succeeded', ...names, amount, currency }];
}

/** @param object  a Refund, from an event or an answer */
export function refundOf(object: unknown): RefundChanged {
	const refund = stripeRefund.parse(object);
	const currency = refund.currency.toUpperCase();
	return {
		kind: 'refund_changed',
		orderId: refund.metadata.order_id,
		paymentRef: refund.payment_intent,
		chargeRef: refund.charge,
		refundRef: refund.id,
		refundId: refund.metadata.refund_id,
		amount: fromStripeAmount(refund.amount, currency),
		currency,
		status: refundStatus(refund.status),
		reason: refund.reason,
		failure: refund.failure_reason,
	};
}

export function refundStatus(status: string | undefined): RefundChanged['status'] {
	if (status === 'succeeded') return 'succeeded';
	return status === 'failed' || status === 'canceled' ? 'failed' : 'pending';
}

function disputeOf(object: unknown): DisputeChanged {
	const dispute = stripeDispute.parse(object);
	const currency = dispute.currency.toUpperCase();
	return {
		kind: 'dispute_changed',
		orderId: undefined,
		paymentRef: dispute.payment_intent,
		chargeRef: dispute.charge,
		disputeRef: dispute.id,
		amount: fromStripeAmount(dispute.amount, currency),
		currency,
		reason: dispute.reason,
		status: disputeStatus(dispute.status),
		evidenceDueAt: dispute.evidence_details?.due_by,
	};
}

// `warning_*` are inquiries: no money has been taken, and when they close none will be.
function disputeStatus(status: string): DisputeChanged['status'] {
	if (status === 'won' || status === 'lost') return status;
	return status.startsWith('warning_') || status === 'prevented' ? 'inquiry' : 'open';
}

const STATUS: Record<string, SubscriptionStatus> = {
	incomplete: 'incomplete',
	incomplete_expired: 'cancelled',
	trialing: 'trialing',
	active: 'active',
	past_due: 'past_due',
	unpaid: 'unpaid',
	paused: 'paused',
	canceled: 'cancelled',
};

/** @param object  a Subscription, from an event or an answer */
export function subscriptionOf(object: unknown): SubscriptionChanged {
	const subscription = stripeSubscription.parse(object);
	const [item] = subscription.items.data;
	const status = STATUS[subscription.status] ?? 'incomplete';
	// Pausing collection leaves the status as it is; what the customer bought rests all the same.
	const paused = subscription.pause_collection != null && status !== 'cancelled';
	return {
		kind: 'subscription_changed',
		subscriptionRef: subscription.id,
		orderId: subscription.metadata.order_id,
		paymentId: subscription.metadata.payment_id,
		customerRef: subscription.customer,
		status: paused ? 'paused' : status,
		currentPeriodStart: item?.current_period_start,
		currentPeriodEnd: item?.current_period_end,
		trialEndsAt: subscription.trial_end,
		cancelAtPeriodEnd: subscription.cancel_at_period_end || subscription.cancel_at !== undefined,
		cancelledAt: subscription.canceled_at,
		endedAt: subscription.ended_at,
	};
}

function readInvoice(object: unknown, type: string): Fact[] {
	const invoice = stripeInvoice.parse(object);
	const currency = invoice.currency.toUpperCase();
	const details = invoice.parent?.subscription_details;
	const period = invoice.lines?.data.find((line) => line.period?.end !== undefined)?.period;
	const fact: InvoiceChanged = {
		kind: 'invoice_changed',
		invoiceRef: invoice.id,
		number: invoice.number,
		subscriptionRef: details?.subscription,
		orderId: details?.metadata.order_id ?? invoice.metadata.order_id,
		paymentId: details?.metadata.payment_id,
		customerRef: invoice.customer,
		paymentRef: invoice.payments?.data[0]?.payment.payment_intent,
		status: invoice.status ?? 'draft',
		cycle: CYCLES[invoice.billing_reason ?? ''] ?? 'other',
		paymentFailed: type === 'invoice.payment_failed',
		amount: fromStripeAmount(invoice.total, currency),
		paid: fromStripeAmount(invoice.amount_paid, currency),
		currency,
		url: invoice.hosted_invoice_url,
		pdfUrl: invoice.invoice_pdf,
		periodStart: period?.start ?? invoice.period_start,
		periodEnd: period?.end ?? invoice.period_end,
	};
	return [fact];
}

const CYCLES: Record<string, InvoiceChanged['cycle']> = {
	subscription_create: 'first',
	subscription_cycle: 'renewal',
	subscription_update: 'renewal',
};

function readInvoicePayment(object: unknown): Fact[] {
	const { invoice, payment } = stripeInvoicePayment.parse(object);
	if (invoice === undefined || payment.payment_intent === undefined) return [];
	return [{ kind: 'invoice_linked', invoiceRef: invoice, paymentRef: payment.payment_intent }];
}

function readPayout(object: unknown, type: string): Fact[] {
	const payout = stripePayout.parse(object);
	const currency = payout.currency.toUpperCase();
	return [
		{
			kind: 'payout_changed',
			payoutRef: payout.id,
			status: type === 'payout.failed' ? 'failed' : 'paid',
			amount: fromStripeAmount(payout.amount, currency),
			currency,
		},
	];
}
