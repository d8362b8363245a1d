import { newId, nowOf, save, type Sandbox } from '../sandbox.ts';
import { schedule } from '../state/timers.ts';
import { refused } from '../wire/error.ts';
import { discountOf, type Coupon } from './coupon.ts';
import type { Customer } from './customers.ts';
import { keepCoupon } from './discounts.ts';
import { createInvoice, type Invoice } from './invoice.ts';
import { periodEnd } from './period.ts';
import type { Price } from './catalogue.ts';
import { itemOf } from './subscription-items.ts';
import { scheduleNext, type Subscription } from './subscription.ts';

/** What a subscription is made from. */
export interface NewSubscription {
	customer: Customer;
	items: { price: Price; quantity: number }[];
	method: string | null;
	metadata: Record<string, string>;
	description?: string | null;
	trialEnd: number | null;
	cancelAt?: number | null;
	cancelAtPeriodEnd?: boolean;
	coupon?: Coupon | undefined;
	/** Checkout makes the subscription once its card has been taken: it is never seen incomplete. */
	isPaidFor?: boolean;
	/** Sold once, with the first invoice. */
	oneTime?: { price: Price; quantity: number }[];
}

const DAY = 86_400;

/**
 * A subscription with its first invoice, not yet charged: `trialing` with an invoice over nothing, else `incomplete`
 * with an open one. 400 for a price that is not a recurring one.
 */
export function createSubscription(
	sandbox: Sandbox,
	given: NewSubscription,
): { subscription: Subscription; invoice: Invoice } {
	const { customer } = given;
	const now = nowOf(sandbox, customer.test_clock);
	const trial = given.trialEnd !== null && given.trialEnd > now ? given.trialEnd : null;
	const subscription = build(given, { now, trial });
	const oneTime = given.oneTime ?? [];
	const total = [...(trial === null ? subscription.items.data : []), ...oneTime].reduce(
		(sum, { price, quantity }) => sum + price.unit_amount * quantity,
		0,
	);
	sandbox.state.put(subscription);
	const invoice = createInvoice(sandbox, {
		customer,
		subscription,
		reason: 'subscription_create',
		period: { start: now, end: now },
		free: trial !== null,
		oneTime,
		discount: given.coupon === undefined ? 0 : discountOf(given.coupon, total),
	});
	if (given.coupon !== undefined) keepCoupon(sandbox, subscription.id, given.coupon, now);
	subscription.latest_invoice = invoice.id;
	if (trial === null && invoice.status === 'paid') subscription.status = 'active';
	save(sandbox, subscription, 'customer.subscription.created');
	scheduleNext(sandbox, subscription);
	if (trial !== null) {
		const tell = Math.max(trial - 3 * DAY, now);
		schedule(sandbox, 'subscription.trial-will-end', subscription.id, tell, customer.test_clock);
	}
	return { subscription, invoice };
}

function build(
	given: NewSubscription,
	{ now, trial }: { now: number; trial: number | null },
): Subscription {
	const [first] = given.items;
	if (first?.price.recurring == null) {
		throw refused(
			'The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.',
			{ param: 'items' },
		);
	}
	const id = newId('sub');
	const anchor = trial ?? now;
	const end = trial ?? periodEnd(now, first.price.recurring);
	return {
		id,
		object: 'subscription',
		...{ application: null, application_fee_percent: null },
		automatic_tax: { disabled_reason: null, enabled: false, liability: null },
		billing_cycle_anchor: anchor,
		billing_cycle_anchor_config: null,
		billing_mode: { type: 'flexible', flexible: {} },
		billing_schedules: [],
		billing_thresholds: null,
		cancel_at: given.cancelAt ?? null,
		cancel_at_period_end: given.cancelAtPeriodEnd ?? false,
		canceled_at: null,
		cancellation_details: { comment: null, feedback: null, reason: null },
		collection_method: 'charge_automatically',
		created: now,
		currency: first.price.currency,
		customer: given.customer.id,
		customer_account: null,
		days_until_due: null,
		default_payment_method: given.method,
		default_source: null,
		default_tax_rates: [],
		description: given.description ?? null,
		discounts: [],
		ended_at: null,
		invoice_settings: { account_tax_ids: null, issuer: { type: 'self' } },
		items: {
			object: 'list',
			data: given.items.map((item) => itemOf(id, item, { start: now, end })),
			has_more: false,
			total_count: given.items.length,
			url: `/v1/subscription_items?subscription=${id}`,
		},
		latest_invoice: null,
		livemode: false,
		metadata: given.metadata,
		...{ next_pending_invoice_item_invoice: null, on_behalf_of: null, pause_collection: null },
		payment_settings: {
			...{ payment_method_options: null, payment_method_types: null },
			save_default_payment_method: 'off',
		},
		...{ pending_invoice_item_interval: null, pending_setup_intent: null },
		...{ pending_update: null, schedule: null },
		start_date: now,
		status: trial !== null ? 'trialing' : given.isPaidFor === true ? 'active' : 'incomplete',
		test_clock: given.customer.test_clock,
		transfer_data: null,
		trial_end: trial,
		trial_settings: { end_behavior: { missing_payment_method: 'create_invoice' } },
		trial_start: trial === null ? null : now,
	};
}
