import type { Invoice } from './invoice.ts';
import { paymentsOf } from './invoice-payments.ts';
import { markFailed, markPaid } from './invoice-status.ts';
import { changeSubscription, type Subscription, type SubscriptionStatus } from './subscription.ts';
import { confirmIntent } from '../payments/confirm.ts';
import { createIntent, type PaymentIntent } from '../payments/intent.ts';
import { methodOf } from '../payments/methods.ts';
import { nowOf, type Sandbox } from '../sandbox.ts';
import { schedule, unschedule } from '../state/timers.ts';
import { refused } from '../wire/error.ts';

/** What happens after a renewal failed. Set by PUT /_sandbox/dunning. */
export interface Dunning {
	/** Days after the first failure on which it is tried again. */
	retryDays: number[];
	/** What becomes of the subscription when the last try failed, as chosen in Stripe's dashboard. */
	end: 'canceled' | 'unpaid' | 'past_due';
}

/** What holds until somebody sets it. */
export const DUNNING: Dunning = { retryDays: [3, 5, 7], end: 'canceled' };

const DAY = 86_400;

/** Tries to charge an open invoice now; 400 `invoice_already_paid` or when it can no longer be paid. */
export function payInvoice(sandbox: Sandbox, invoice: Invoice, method?: string): Invoice {
	if (invoice.status === 'paid')
		throw refused('Invoice is already paid', { code: 'invoice_already_paid' });
	if (invoice.status !== 'open') throw refused(`This invoice can no longer be paid.`);
	return cardOutcome(sandbox, invoice, method);
}

/** Charges an open invoice off-session and moves its subscription: paid -> active, declined -> past_due or the end. */
export function cardOutcome(sandbox: Sandbox, invoice: Invoice, given?: string): Invoice {
	const { state } = sandbox;
	const customer = state.require('customer', invoice.customer);
	const subscription = subscriptionOf(sandbox, invoice);
	const method =
		given ??
		subscription?.default_payment_method ??
		customer.invoice_settings.default_payment_method;
	const intent = intentOf(sandbox, invoice);
	if (method === null) return failed(sandbox, invoice, { intent, subscription });
	const after = confirmIntent(sandbox, intent, methodOf(sandbox, method), {
		onSession: false,
		testClock: invoice.test_clock,
	});
	if (after.status !== 'succeeded') {
		return failed(sandbox, invoice, { intent: after, subscription });
	}
	const paid = markPaid(sandbox, invoice, after.id);
	if (subscription !== undefined && RECOVERS.has(subscription.status)) {
		unschedule(sandbox, 'subscription.dunning', subscription.id);
		changeSubscription(sandbox, subscription, { ...subscription, status: 'active' });
	}
	return paid;
}

const RECOVERS = new Set<SubscriptionStatus>(['incomplete', 'past_due', 'unpaid', 'trialing']);

function failed(
	sandbox: Sandbox,
	invoice: Invoice,
	{ intent, subscription }: { intent: PaymentIntent; subscription: Subscription | undefined },
): Invoice {
	const dunning = sandbox.state.setting('dunning', DUNNING);
	const firstTry = invoice.created;
	const wait = dunning.retryDays[invoice.attempt_count];
	const renewing = subscription !== undefined && subscription.status !== 'incomplete';
	const next = wait === undefined || !renewing ? null : firstTry + wait * DAY;
	const after = markFailed(sandbox, invoice, intent.id, next);
	if (!renewing) return after;
	if (next !== null) {
		const due = Math.max(next, nowOf(sandbox, subscription.test_clock) + 1);
		schedule(sandbox, 'subscription.dunning', subscription.id, due, subscription.test_clock);
		if (subscription.status !== 'past_due' && subscription.status !== 'unpaid') {
			changeSubscription(sandbox, subscription, { ...subscription, status: 'past_due' });
		}
		return after;
	}
	giveUp(sandbox, subscription, dunning.end);
	return after;
}

function giveUp(sandbox: Sandbox, subscription: Subscription, end: Dunning['end']): void {
	if (end !== 'canceled') {
		if (subscription.status !== end) {
			changeSubscription(sandbox, subscription, { ...subscription, status: end });
		}
		return;
	}
	const now = nowOf(sandbox, subscription.test_clock);
	unschedule(sandbox, 'subscription.period', subscription.id);
	changeSubscription(
		sandbox,
		subscription,
		{
			...subscription,
			status: 'canceled',
			canceled_at: now,
			ended_at: now,
			cancellation_details: { ...subscription.cancellation_details, reason: 'payment_failed' },
		},
		'customer.subscription.deleted',
	);
}

/** The subscription that an invoice is for, if any. */
export function subscriptionOf({ state }: Sandbox, invoice: Invoice): Subscription | undefined {
	const id = invoice.parent?.subscription_details.subscription;
	return id === undefined ? undefined : state.get('subscription', id);
}

/** An invoice is always paid by the same intent, however often it is tried. */
export function intentOf(sandbox: Sandbox, invoice: Invoice): PaymentIntent {
	const known = paymentsOf(sandbox, invoice.id)[0]?.payment.payment_intent;
	const intent = known === undefined ? undefined : sandbox.state.get('payment_intent', known);
	return (
		intent ??
		createIntent(sandbox, {
			amount: invoice.amount_due,
			currency: invoice.currency,
			customer: invoice.customer,
			description:
				invoice.billing_reason === 'subscription_create'
					? 'Subscription creation'
					: 'Subscription update',
			receipt_email: invoice.customer_email,
			capture_method: 'automatic',
			testClock: invoice.test_clock,
		})
	);
}
