import { z } from 'zod';
import type { stripeRoutes } from '../wire/endpoint.ts';
import { refused } from '../wire/error.ts';
import { listOf } from '../wire/includable.ts';
import {
	count,
	emptyable,
	flag,
	integer,
	listing,
	mergeMetadata,
	metadata,
	text,
} from '../wire/parameters.ts';
import { nowOf, save, type Sandbox } from '../sandbox.ts';
import { cardError } from '../payments/intent.ts';
import { createPrice, periodEnd } from './catalogue.ts';
import { intentOf } from './collect.ts';
import { cancelNow, pauseSubscription, renew, resumeSubscription } from './cycle.ts';
import { discountAt } from './discounts.ts';
import { markUncollectible, payInvoice, voidInvoice } from './invoice.ts';
import { priceData } from './parameters.ts';
import {
	changeSubscription,
	createSubscription,
	itemOf,
	periodOf,
	scheduleNext,
	withPeriod,
	type Subscription,
} from './subscription.ts';

type Routes = ReturnType<typeof stripeRoutes>;

const item = z.strictObject({
	id: text.optional(),
	price: text.optional(),
	price_data: priceData.optional(),
	quantity: count.pipe(z.number().min(1)).optional(),
	metadata: metadata.optional(),
});
const trialEnd = z.union([z.literal('now'), integer]);
const pauseCollection = z.strictObject({
	behavior: z.enum(['keep_as_draft', 'mark_uncollectible', 'void']),
	resumes_at: integer.optional(),
});
const cancellationDetails = z.strictObject({
	comment: z.string().optional(),
	feedback: z.string().optional(),
});

export function subscriptionRoutes(v1: Routes, sandbox: Sandbox): void {
	const { state } = sandbox;
	const base = '/v1/subscriptions';
	v1.post(
		base,
		z.strictObject({
			customer: text,
			items: z.array(item).min(1).max(20),
			default_payment_method: text.optional(),
			description: text.optional(),
			metadata: metadata.optional(),
			trial_end: trialEnd.optional(),
			trial_period_days: count.optional(),
			cancel_at: integer.optional(),
			cancel_at_period_end: flag.optional(),
			off_session: flag.optional(),
			payment_behavior: z
				.enum([
					'allow_incomplete',
					'default_incomplete',
					'error_if_incomplete',
					'pending_if_incomplete',
				])
				.default('allow_incomplete'),
			proration_behavior: text.optional(),
			collection_method: z.literal('charge_automatically').optional(),
			currency: text.optional(),
			billing_mode: z.strictObject({ type: z.enum(['flexible', 'classic']) }).optional(),
			payment_settings: z.record(z.string(), z.unknown()).optional(),
			discounts: z
				.array(z.strictObject({ coupon: text }))
				.max(1)
				.optional(),
		}),
		({ parameters: given }) => {
			const customer = state.require('customer', given.customer, 'customer');
			const now = nowOf(sandbox, customer.test_clock);
			const days = given.trial_period_days;
			const couponId = given.discounts?.[0]?.coupon;
			const { subscription, invoice } = createSubscription(sandbox, {
				customer,
				items: given.items.map((one, index) => ({
					price: priceOf(sandbox, one, index),
					quantity: one.quantity ?? 1,
				})),
				method: given.default_payment_method ?? null,
				metadata: given.metadata ?? {},
				description: given.description ?? null,
				trialEnd:
					typeof given.trial_end === 'number'
						? given.trial_end
						: days === undefined || given.trial_end === 'now'
							? null
							: now + days * 86_400,
				cancelAt: given.cancel_at ?? null,
				cancelAtPeriodEnd: given.cancel_at_period_end ?? false,
				coupon:
					couponId === undefined
						? undefined
						: state.require('coupon', couponId, 'discounts[0][coupon]'),
			});
			if (invoice.status !== 'open' || given.payment_behavior === 'default_incomplete')
				return subscription;
			payInvoice(sandbox, invoice, given.default_payment_method);
			const after = state.require('subscription', subscription.id);
			if (after.status === 'incomplete' && given.payment_behavior === 'error_if_incomplete') {
				throw (
					cardError(intentOf(sandbox, invoice)) ??
					refused('This customer has no attached payment source or default payment method.', {
						code: 'resource_missing',
					})
				);
			}
			return after;
		},
	);
	v1.get(
		base,
		z.strictObject({
			...listing,
			customer: text.optional(),
			price: text.optional(),
			status: text.optional(),
			test_clock: text.optional(),
		}),
		({ parameters: { customer, status, test_clock, price: _price, ...paging } }) =>
			listOf(
				base,
				state.list('subscription', paging, {
					...{ customer, test_clock },
					status: status === undefined ? LIVE : status === 'all' ? undefined : [status],
				}),
			),
	);
	v1.get(`${base}/:id`, z.strictObject({}), ({ id }) => state.require('subscription', id));
	v1.delete(
		`${base}/:id`,
		z.strictObject({
			cancellation_details: cancellationDetails.optional(),
			invoice_now: flag.optional(),
			prorate: flag.optional(),
		}),
		({ id, parameters }) => cancelNow(sandbox, id, parameters.cancellation_details),
	);
	v1.post(
		`${base}/:id/pause`,
		z.strictObject({
			type: z.literal('subscription').optional(),
			bill_for: z.record(z.string(), z.unknown()).optional(),
			invoicing_behavior: text.optional(),
		}),
		({ id }) => pauseSubscription(sandbox, state.require('subscription', id)),
	);
	v1.post(
		`${base}/:id/resume`,
		z.strictObject({
			billing_cycle_anchor: z.enum(['now', 'unchanged']).optional(),
			payment_behavior: text.optional(),
			proration_behavior: text.optional(),
			proration_date: integer.optional(),
		}),
		({ id }) => resumeSubscription(sandbox, state.require('subscription', id)),
	);
	updateRoute(v1, sandbox);
	invoiceRoutes(v1, sandbox);
}

/** What a list without `status` shows: all that isn't over. */
const LIVE = ['active', 'trialing', 'past_due', 'unpaid', 'incomplete', 'paused'];

function updateRoute(v1: Routes, sandbox: Sandbox): void {
	const { state } = sandbox;
	v1.post(
		'/v1/subscriptions/:id',
		z.strictObject({
			cancel_at: emptyable(integer).optional(),
			cancel_at_period_end: flag.optional(),
			cancellation_details: cancellationDetails.optional(),
			default_payment_method: text.optional(),
			description: emptyable(text).optional(),
			items: z.array(item).optional(),
			metadata: metadata.optional(),
			pause_collection: emptyable(pauseCollection).optional(),
			payment_behavior: text.optional(),
			proration_behavior: text.optional(),
			trial_end: trialEnd.optional(),
			off_session: flag.optional(),
		}),
		({ id, parameters: given }) => {
			const before = state.require('subscription', id);
			if (before.status === 'canceled') {
				throw refused(
					'A canceled subscription can only update its cancellation_details and metadata.',
				);
			}
			const now = nowOf(sandbox, before.test_clock);
			const ends = given.cancel_at_period_end ?? before.cancel_at_period_end;
			const after: Subscription = {
				...before,
				cancel_at: given.cancel_at === undefined ? before.cancel_at : given.cancel_at,
				cancel_at_period_end: ends,
				canceled_at: ends ? (before.canceled_at ?? now) : null,
				cancellation_details: {
					comment: given.cancellation_details?.comment ?? null,
					feedback: given.cancellation_details?.feedback ?? null,
					reason: ends ? 'cancellation_requested' : null,
				},
				default_payment_method: given.default_payment_method ?? before.default_payment_method,
				description: given.description === undefined ? before.description : given.description,
				metadata: mergeMetadata(before.metadata, given.metadata),
				pause_collection:
					given.pause_collection === undefined
						? before.pause_collection
						: given.pause_collection === null
							? null
							: {
									behavior: given.pause_collection.behavior,
									resumes_at: given.pause_collection.resumes_at ?? null,
								},
			};
			if (ends) after.cancel_at = periodOf(after).end;
			else if (before.cancel_at_period_end) after.cancel_at = null;
			if (given.items !== undefined) replaceItems(sandbox, after, given.items);
			changeSubscription(sandbox, before, after);
			// `cancel_at` of a period's end is carried out by the period itself.
			scheduleNext(sandbox, ends ? { ...after, cancel_at: null } : after);
			if (given.trial_end === undefined) return after;
			return endTrial(sandbox, after, given.trial_end === 'now' ? now : given.trial_end);
		},
	);
}

/** Prices and quantities of items; the change counts from the next invoice on (no prorations). */
function replaceItems(
	sandbox: Sandbox,
	subscription: Subscription,
	given: z.output<typeof item>[],
): void {
	const period = periodOf(subscription);
	for (const [index, one] of given.entries()) {
		const known =
			subscription.items.data.find(({ id }) => id === one.id) ??
			(one.id === undefined ? subscription.items.data[0] : undefined);
		if (known === undefined)
			throw refused(`No such subscription item: '${one.id ?? ''}'`, {
				code: 'resource_missing',
				param: `items[${index}][id]`,
			});
		const price =
			one.price === undefined && one.price_data === undefined
				? known.price
				: priceOf(sandbox, one, index);
		const made = itemOf(
			subscription.id,
			{ price, quantity: one.quantity ?? known.quantity },
			period,
		);
		const changed = { ...made, id: known.id, created: known.created };
		subscription.items = {
			...subscription.items,
			data: subscription.items.data.map((old) => (old.id === known.id ? changed : old)),
		};
	}
}

function endTrial(sandbox: Sandbox, subscription: Subscription, at: number): Subscription {
	const now = nowOf(sandbox, subscription.test_clock);
	const { start } = periodOf(subscription);
	const moved = { ...withPeriod(subscription, start, at), trial_end: at, billing_cycle_anchor: at };
	save(sandbox, moved);
	scheduleNext(sandbox, moved);
	if (at <= now) renew(sandbox, subscription.id);
	return sandbox.state.require('subscription', subscription.id);
}

function priceOf(sandbox: Sandbox, given: z.output<typeof item>, index: number) {
	if (given.price !== undefined)
		return sandbox.state.require('price', given.price, `items[${index}][price]`);
	if (given.price_data !== undefined) return createPrice(sandbox, given.price_data);
	throw refused(`Missing required param: items[${index}][price].`, {
		code: 'parameter_missing',
		param: `items[${index}][price]`,
	});
}

function invoiceRoutes(v1: Routes, sandbox: Sandbox): void {
	const { state } = sandbox;
	const base = '/v1/invoices';
	v1.get(
		base,
		z.strictObject({
			...listing,
			customer: text.optional(),
			subscription: text.optional(),
			status: z.enum(['draft', 'open', 'paid', 'uncollectible', 'void']).optional(),
		}),
		({ parameters: { customer, subscription, status, ...paging } }) =>
			listOf(base, state.list('invoice', paging, { customer, subscription, status })),
	);
	v1.get(`${base}/:id`, z.strictObject({}), ({ id }) => state.require('invoice', id));
	v1.get(
		`${base}/:id/lines`,
		z.strictObject(listing),
		({ id }) => state.require('invoice', id).lines,
	);
	v1.post(
		`${base}/create_preview`,
		z.strictObject({ subscription: text, customer: text.optional() }),
		({ parameters }) => preview(sandbox, parameters.subscription),
	);
	v1.post(
		`${base}/:id/pay`,
		z.strictObject({ payment_method: text.optional(), off_session: flag.optional() }),
		({ id, parameters }) => {
			const after = payInvoice(sandbox, state.require('invoice', id), parameters.payment_method);
			if (after.status === 'paid') return after;
			throw (
				cardError(intentOf(sandbox, after)) ??
				refused('There is no payment method to charge.', { code: 'resource_missing' })
			);
		},
	);
	v1.post(`${base}/:id/void`, z.strictObject({}), ({ id }) =>
		voidInvoice(sandbox, state.require('invoice', id)),
	);
	v1.post(`${base}/:id/mark_uncollectible`, z.strictObject({}), ({ id }) =>
		markUncollectible(sandbox, state.require('invoice', id)),
	);
	v1.get(
		'/v1/invoice_payments',
		z.strictObject({
			...listing,
			invoice: text.optional(),
			status: z.enum(['canceled', 'open', 'paid']).optional(),
			payment: z
				.strictObject({ type: z.literal('payment_intent'), payment_intent: text })
				.optional(),
		}),
		({ parameters: { invoice, status, payment, ...paging } }) =>
			listOf(
				'/v1/invoice_payments',
				state.list('invoice_payment', paging, {
					...{ invoice, status, payment_intent: payment?.payment_intent },
				}),
			),
	);
}

/** What the next renewal will cost. */
function preview(sandbox: Sandbox, id: string) {
	const subscription = sandbox.state.require('subscription', id);
	const recurring = subscription.items.data[0]?.price.recurring;
	const { end: start } = periodOf(subscription);
	const subtotal = subscription.items.data.reduce(
		(sum, { price, quantity }) => sum + price.unit_amount * quantity,
		0,
	);
	const amount = subtotal - discountAt(sandbox, subscription, start);
	return {
		id: `upcoming_in_${id.slice(4)}`,
		object: 'invoice',
		...{ amount_due: amount, subtotal, total: amount, currency: subscription.currency },
		...{ customer: subscription.customer, billing_reason: 'upcoming', status: 'draft' },
		next_payment_attempt: start,
		period_start: start,
		period_end:
			recurring == null ? start : periodEnd(start, recurring, subscription.billing_cycle_anchor),
		parent: {
			quote_details: null,
			subscription_details: { metadata: subscription.metadata, subscription: id },
			type: 'subscription_details',
		},
	};
}
