import { z } from 'zod';
import { cardError } from '../payments/intent-errors.ts';
import { nowOf, type Sandbox } from '../sandbox.ts';
import type { StripeRoutes } from '../wire/endpoint.ts';
import { refused } from '../wire/error.ts';
import { listOf } from '../wire/includable.ts';
import { count, flag, integer, listing, metadata, text } from '../wire/parameters.ts';
import { intentOf, payInvoice } from './collect.ts';
import { cancelNow, pauseSubscription, resumeSubscription } from './cycle.ts';
import { invoiceRoutes } from './invoice-routes.ts';
import { createSubscription } from './new-subscription.ts';
import { itemParameters, priceOf } from './subscription-items.ts';
import { cancellationDetails, trialEnd } from './subscription-parameters.ts';
import { updateRoute } from './subscription-update.ts';

/** `/v1/subscriptions` and, with them, `/v1/invoices`. */
export function subscriptionRoutes(v1: StripeRoutes, sandbox: Sandbox): void {
	createRoute(v1, sandbox);
	updateRoute(v1, sandbox);
	invoiceRoutes(v1, sandbox);
	const { state } = sandbox;
	const base = '/v1/subscriptions';
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
}

/** What a list without `status` shows: all that isn't over. */
const LIVE = ['active', 'trialing', 'past_due', 'unpaid', 'incomplete', 'paused'];

function createRoute(v1: StripeRoutes, sandbox: Sandbox): void {
	const { state } = sandbox;
	v1.post(
		'/v1/subscriptions',
		z.strictObject({
			customer: text,
			items: z.array(itemParameters).min(1).max(20),
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
}
