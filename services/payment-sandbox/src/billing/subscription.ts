import { save, type Sandbox } from '../sandbox.ts';
import { schedule, unschedule } from '../state/timers.ts';
import type { SubscriptionItem } from './subscription-items.ts';

/** Where a subscription stands; only `active` and `trialing` entitle to anything. */
export type SubscriptionStatus =
	| 'incomplete'
	| 'incomplete_expired'
	| 'trialing'
	| 'active'
	| 'past_due'
	| 'canceled'
	| 'unpaid'
	| 'paused';

/** What a customer pays for again and again. Times are Unix seconds. */
export interface Subscription {
	id: string;
	object: 'subscription';
	application: null;
	application_fee_percent: null;
	automatic_tax: { disabled_reason: null; enabled: false; liability: null };
	billing_cycle_anchor: number;
	billing_cycle_anchor_config: null;
	billing_mode: { type: 'flexible'; flexible: Record<string, never> };
	billing_schedules: never[];
	billing_thresholds: null;
	cancel_at: number | null;
	cancel_at_period_end: boolean;
	canceled_at: number | null;
	cancellation_details: { comment: string | null; feedback: string | null; reason: string | null };
	collection_method: 'charge_automatically';
	created: number;
	currency: string;
	customer: string;
	customer_account: null;
	days_until_due: null;
	default_payment_method: string | null;
	default_source: null;
	default_tax_rates: never[];
	description: string | null;
	discounts: string[];
	ended_at: number | null;
	invoice_settings: { account_tax_ids: null; issuer: { type: 'self' } };
	items: {
		object: 'list';
		data: SubscriptionItem[];
		has_more: false;
		total_count: number;
		url: string;
	};
	latest_invoice: string | null;
	livemode: false;
	metadata: Record<string, string>;
	next_pending_invoice_item_invoice: null;
	on_behalf_of: null;
	pause_collection: { behavior: string; resumes_at: number | null } | null;
	payment_settings: {
		payment_method_options: null;
		payment_method_types: null;
		save_default_payment_method: 'off';
	};
	pending_invoice_item_interval: null;
	pending_setup_intent: null;
	pending_update: null;
	schedule: null;
	start_date: number;
	status: SubscriptionStatus;
	test_clock: string | null;
	transfer_data: null;
	trial_end: number | null;
	trial_settings: { end_behavior: { missing_payment_method: string } };
	trial_start: number | null;
}

/** Plans what comes at the end of the present period. */
export function scheduleNext(sandbox: Sandbox, subscription: Subscription): void {
	const { id, test_clock: clock, cancel_at: cancelAt } = subscription;
	schedule(sandbox, 'subscription.period', id, periodOf(subscription).end, clock);
	if (cancelAt === null) unschedule(sandbox, 'subscription.cancel', id);
	else schedule(sandbox, 'subscription.cancel', id, cancelAt, clock);
}

/** The present period, which all items share. */
export function periodOf({ items }: Subscription): { start: number; end: number } {
	const [item] = items.data;
	if (item === undefined) throw new Error('a subscription has items');
	return { start: item.current_period_start, end: item.current_period_end };
}

/** The subscription with all its items in this period; not kept yet. */
export function withPeriod(subscription: Subscription, start: number, end: number): Subscription {
	return {
		...subscription,
		items: {
			...subscription.items,
			data: subscription.items.data.map((item) => ({
				...item,
				current_period_start: start,
				current_period_end: end,
			})),
		},
	};
}

/** Keeps a changed subscription and tells what it was before. */
export function changeSubscription(
	sandbox: Sandbox,
	before: Subscription,
	after: Subscription,
	event = 'customer.subscription.updated',
): Subscription {
	const previous = Object.fromEntries(
		Object.entries(before).filter(
			([name, value]) => JSON.stringify(value) !== JSON.stringify(Reflect.get(after, name)),
		),
	);
	save(sandbox, after, event, previous);
	return after;
}
