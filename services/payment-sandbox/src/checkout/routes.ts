import { z } from 'zod';
import { priceData } from '../billing/parameters.ts';
import type { StripeRoutes } from '../wire/endpoint.ts';
import { listOf } from '../wire/includable.ts';
import {
	count,
	currency,
	emptyable,
	flag,
	integer,
	listing,
	metadata,
	shipping,
	text,
} from '../wire/parameters.ts';
import { methodType } from '../payments/method-types.ts';
import type { Sandbox } from '../sandbox.ts';
import { mergeMetadata } from '../wire/parameters.ts';
import { createSession } from './new-session.ts';
import { planOf } from './plan.ts';
import { expireSession } from './session.ts';

const quantity = count.pipe(z.number().min(1));
const createParameters = z.strictObject({
	mode: z.enum(['payment', 'subscription']),
	line_items: z
		.array(
			z.strictObject({
				price: text.optional(),
				price_data: priceData.optional(),
				quantity: quantity.optional(),
				metadata: metadata.optional(),
			}),
		)
		.min(1)
		.max(100),
	success_url: z.string().min(1).max(5000),
	cancel_url: text.optional(),
	client_reference_id: z.string().min(1).max(200).optional(),
	customer: text.optional(),
	customer_creation: z.enum(['always', 'if_required']).optional(),
	customer_email: text.optional(),
	customer_update: z.record(z.string(), z.string()).optional(),
	currency: currency.optional(),
	discounts: z
		.array(z.strictObject({ coupon: text.optional() }))
		.max(1)
		.optional(),
	expires_at: integer.optional(),
	integration_identifier: text.optional(),
	locale: text.optional(),
	metadata: metadata.optional(),
	payment_intent_data: z
		.strictObject({
			description: text.optional(),
			metadata: metadata.optional(),
			receipt_email: text.optional(),
			capture_method: z.enum(['automatic', 'automatic_async', 'manual']).optional(),
			setup_future_usage: z.enum(['off_session', 'on_session']).optional(),
			statement_descriptor: text.optional(),
			statement_descriptor_suffix: text.optional(),
			transfer_group: text.optional(),
			shipping: shipping.optional(),
		})
		.optional(),
	subscription_data: z
		.strictObject({
			description: text.optional(),
			metadata: metadata.optional(),
			trial_end: integer.optional(),
			trial_period_days: count.pipe(z.number().min(1).max(730)).optional(),
			billing_mode: z.strictObject({ type: z.enum(['flexible', 'classic']) }).optional(),
			trial_settings: z
				.strictObject({ end_behavior: z.strictObject({ missing_payment_method: text }) })
				.optional(),
		})
		.optional(),
	payment_method_collection: z.enum(['always', 'if_required']).optional(),
	allowed_payment_method_types: z.array(methodType).min(1).optional(),
	excluded_payment_method_types: z.array(methodType).optional(),
	automatic_tax: z.strictObject({ enabled: z.literal('false') }).optional(),
	adaptive_pricing: z.strictObject({ enabled: flag }).optional(),
	invoice_creation: z.strictObject({ enabled: z.literal('false') }).optional(),
	phone_number_collection: z.strictObject({ enabled: flag }).optional(),
	billing_address_collection: z.enum(['auto', 'required']).optional(),
	submit_type: z.enum(['auto', 'book', 'donate', 'pay', 'subscribe']).optional(),
	ui_mode: z.literal('hosted_page').optional(),
	custom_text: z.record(z.string(), z.strictObject({ message: text })).optional(),
});

/** `/v1/checkout/sessions`: make, list, fetch, change, expire, and their line items. */
export function checkoutRoutes(v1: StripeRoutes, sandbox: Sandbox): void {
	const { state } = sandbox;
	const base = '/v1/checkout/sessions';
	v1.post(base, createParameters, ({ parameters }) => createSession(sandbox, parameters));
	v1.get(
		base,
		z.strictObject({
			...listing,
			customer: text.optional(),
			payment_intent: text.optional(),
			subscription: text.optional(),
			status: z.enum(['open', 'complete', 'expired']).optional(),
			customer_details: z.strictObject({ email: text }).optional(),
		}),
		({
			parameters: { customer, payment_intent, subscription, status, customer_details, ...paging },
		}) =>
			listOf(
				base,
				state.list('checkout.session', paging, {
					...{ customer, payment_intent, subscription, status },
					'customer_details.email': customer_details?.email,
				}),
			),
	);
	v1.get(`${base}/:id`, z.strictObject({}), ({ id }) =>
		state.require('checkout.session', id, 'id'),
	);
	v1.post(
		`${base}/:id`,
		z.strictObject({ metadata: emptyable(metadata).optional() }),
		({ id, parameters }) => {
			const session = state.require('checkout.session', id);
			const after = {
				...session,
				metadata: mergeMetadata(session.metadata, parameters.metadata ?? {}),
			};
			state.put(after);
			return after;
		},
	);
	v1.post(`${base}/:id/expire`, z.strictObject({}), ({ id }) =>
		expireSession(sandbox, state.require('checkout.session', id)),
	);
	v1.get(`${base}/:id/line_items`, z.strictObject(listing), ({ id, parameters: { limit } }) => {
		const { lines } = planOf(sandbox, state.require('checkout.session', id));
		return listOf(`${base}/${id}/line_items`, {
			data: lines.slice(0, limit),
			has_more: lines.length > limit,
		});
	});
}
