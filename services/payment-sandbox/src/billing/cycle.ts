import { cardOutcome } from './collect.ts';
import { discountAt } from './discounts.ts';
import { createInvoice } from './invoice.ts';
import { markUncollectible, voidInvoice } from './invoice-status.ts';
import { periodEnd } from './period.ts';
import {
	changeSubscription,
	periodOf,
	scheduleNext,
	withPeriod,
	type Subscription,
} from './subscription.ts';
import { nowOf, save, type Sandbox } from '../sandbox.ts';
import { unschedule } from '../state/timers.ts';
import { refused } from '../wire/error.ts';

/** The end of a period or trial: the subscription ends, or goes into the next period with an invoice. */
export function renew(sandbox: Sandbox, id: string): void {
	const before = sandbox.state.get('subscription', id);
	if (before === undefined || before.status === 'canceled' || before.status === 'paused') return;
	if (before.status === 'incomplete') return expireIncomplete(sandbox, before);
	if (before.cancel_at_period_end) {
		cancelNow(sandbox, id);
		return;
	}
	const { end: start } = periodOf(before);
	const recurring = before.items.data[0]?.price.recurring;
	if (recurring == null) return;
	const end = periodEnd(start, recurring, before.billing_cycle_anchor);
	const moved = withPeriod(before, start, end);
	const trialEnds = before.status === 'trialing';
	if (trialEnds) moved.status = 'active';
	if (moved.pause_collection?.resumes_at != null && moved.pause_collection.resumes_at <= start) {
		moved.pause_collection = null;
	}
	sandbox.state.put(moved);
	const invoice = createInvoice(sandbox, {
		customer: sandbox.state.require('customer', before.customer),
		subscription: moved,
		reason: 'subscription_cycle',
		discount: discountAt(sandbox, moved, start),
		// Renewals are billed ahead; the invoice's own period is the one that has ended.
		period: { start, end },
	});
	moved.latest_invoice = invoice.id;
	changeSubscription(sandbox, before, moved);
	scheduleNext(sandbox, moved);
	if (invoice.status === 'paid') return;
	if (moved.status === 'unpaid')
		return save(sandbox, { ...invoice, status: 'draft', auto_advance: false });
	switch (moved.pause_collection?.behavior) {
		case undefined:
			cardOutcome(sandbox, invoice);
			return;
		case 'mark_uncollectible':
			markUncollectible(sandbox, invoice);
			return;
		case 'void':
			voidInvoice(sandbox, invoice);
			return;
		default:
			save(sandbox, { ...invoice, status: 'draft', auto_advance: false });
	}
}

function expireIncomplete(sandbox: Sandbox, before: Subscription): void {
	changeSubscription(sandbox, before, {
		...before,
		status: 'incomplete_expired',
		ended_at: nowOf(sandbox, before.test_clock),
	});
}

/** Ends a subscription at once, without a refund; 400 when it has ended already. */
export function cancelNow(
	sandbox: Sandbox,
	id: string,
	details: { comment?: string | undefined; feedback?: string | undefined } = {},
): Subscription {
	const before = sandbox.state.require('subscription', id);
	if (before.status === 'canceled') throw noLonger(id);
	const now = nowOf(sandbox, before.test_clock);
	for (const action of [
		'subscription.period',
		'subscription.dunning',
		'subscription.cancel',
	] as const) {
		unschedule(sandbox, action, id);
	}
	return changeSubscription(
		sandbox,
		before,
		{
			...before,
			status: 'canceled',
			cancel_at_period_end: false,
			canceled_at: before.canceled_at ?? now,
			ended_at: now,
			cancellation_details: {
				comment: details.comment ?? before.cancellation_details.comment,
				feedback: details.feedback ?? before.cancellation_details.feedback,
				reason: 'cancellation_requested',
			},
		},
		'customer.subscription.deleted',
	);
}

function noLonger(id: string) {
	return refused(`No such subscription: '${id}'. It was canceled.`, {
		code: 'resource_missing',
		param: 'id',
	});
}

/** Tells, three days ahead, that a trial will end. */
export function tellTrialEnds(sandbox: Sandbox, id: string): void {
	const subscription = sandbox.state.get('subscription', id);
	if (subscription?.status !== 'trialing') return;
	save(sandbox, subscription, 'customer.subscription.trial_will_end');
}

/** Dunning: the latest open invoice once more. */
export function retryInvoice(sandbox: Sandbox, id: string): void {
	const subscription = sandbox.state.get('subscription', id);
	if (subscription?.status !== 'past_due') return;
	const open = sandbox.state
		.all('invoice', { subscription: id })
		.filter(({ status }) => status === 'open')
		.at(-1);
	if (open !== undefined) cardOutcome(sandbox, open);
}

/** `POST /v1/subscriptions/{id}/pause`: it stands still, without invoices, until it is resumed. */
export function pauseSubscription(sandbox: Sandbox, before: Subscription): Subscription {
	if (before.status !== 'active' && before.status !== 'trialing') {
		throw refused(`This subscription cannot be paused: it is ${before.status}.`);
	}
	unschedule(sandbox, 'subscription.period', before.id);
	const after = changeSubscription(sandbox, before, { ...before, status: 'paused' });
	save(sandbox, after, 'customer.subscription.paused');
	return after;
}

/** A paused subscription starts a new period now and is charged for it. */
export function resumeSubscription(sandbox: Sandbox, before: Subscription): Subscription {
	if (before.status !== 'paused') {
		throw refused(`This subscription cannot be resumed: it is ${before.status}, not paused.`);
	}
	const now = nowOf(sandbox, before.test_clock);
	const [item] = before.items.data;
	if (item?.price.recurring == null) throw refused('There is nothing to resume.');
	const { end: oldEnd } = periodOf(before);
	const stillPaid = oldEnd > now;
	const end = stillPaid ? oldEnd : periodEnd(now, item.price.recurring);
	const active: Subscription = {
		...(stillPaid ? before : withPeriod(before, now, end)),
		status: 'active',
		...(stillPaid ? {} : { billing_cycle_anchor: now }),
	};
	changeSubscription(sandbox, before, active);
	save(sandbox, active, 'customer.subscription.resumed');
	scheduleNext(sandbox, active);
	if (stillPaid) return active;
	const invoice = createInvoice(sandbox, {
		customer: sandbox.state.require('customer', active.customer),
		subscription: active,
		reason: 'subscription_update',
		discount: discountAt(sandbox, active, now),
		period: { start: now, end },
	});
	sandbox.state.put({ ...active, latest_invoice: invoice.id });
	if (invoice.status === 'open') cardOutcome(sandbox, invoice);
	return sandbox.state.require('subscription', active.id);
}
