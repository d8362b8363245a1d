import { z } from 'zod';
import type { StripeRoutes } from '../wire/endpoint.ts';
import { refused } from '../wire/error.ts';
import { listOf } from '../wire/includable.ts';
import {
	count,
	currency,
	emptyable,
	flag,
	listing,
	mergeMetadata,
	metadata,
	shipping,
	text,
} from '../wire/parameters.ts';
import type { Sandbox } from '../sandbox.ts';
import { cancelIntent } from './cancel.ts';
import { captureIntent } from './capture.ts';
import { confirmIntent } from './confirm.ts';
import { disputeRoutes } from './dispute-routes.ts';
import { cardError, unexpected } from './intent-errors.ts';
import { createIntent, type PaymentIntent } from './intent.ts';
import { methodRoutes } from './method-routes.ts';
import { methodType, offeredTypes } from './method-types.ts';
import { methodOf } from './methods.ts';
import { refundRoutes } from './refund-routes.ts';

const intentFields = {
	amount: count.optional(),
	currency: currency.optional(),
	customer: text.optional(),
	description: text.optional(),
	metadata: metadata.optional(),
	payment_method: text.optional(),
	receipt_email: emptyable(text).optional(),
	setup_future_usage: z.enum(['off_session', 'on_session']).optional(),
	shipping: shipping.optional(),
	statement_descriptor: text.optional(),
	statement_descriptor_suffix: text.optional(),
	transfer_group: text.optional(),
};
const confirming = {
	off_session: flag.optional(),
	return_url: text.optional(),
	error_on_requires_action: flag.optional(),
	/** How the holder of an account agreed to being debited. */
	mandate_data: z
		.strictObject({
			customer_acceptance: z.strictObject({
				type: z.enum(['online', 'offline']),
				accepted_at: count.optional(),
				online: z.strictObject({ ip_address: text, user_agent: text }).optional(),
				offline: z.strictObject({}).optional(),
			}),
		})
		.optional(),
};

/** `/v1/payment_intents` and `/v1/payment_methods`. */
export function paymentIntentRoutes(v1: StripeRoutes, sandbox: Sandbox): void {
	const { state } = sandbox;
	const base = '/v1/payment_intents';
	v1.post(
		base,
		z.strictObject({
			...intentFields,
			...confirming,
			amount: count,
			currency,
			automatic_payment_methods: z
				.strictObject({ enabled: flag, allow_redirects: text.optional() })
				.optional(),
			allowed_payment_method_types: z.array(methodType).min(1).optional(),
			excluded_payment_method_types: z.array(methodType).optional(),
			capture_method: z.enum(['automatic', 'automatic_async', 'manual']).optional(),
			confirm: flag.optional(),
		}),
		({ parameters: { confirm, off_session: off, return_url: returnUrl, ...given } }) => {
			if (given.customer !== undefined) state.require('customer', given.customer, 'customer');
			const method =
				given.payment_method === undefined ? undefined : methodOf(sandbox, given.payment_method);
			const methodTypes = offeredTypes(
				{
					...{ amount: given.amount, currency: given.currency },
					isHeld: given.capture_method === 'manual',
					recurs: given.setup_future_usage !== undefined,
				},
				{
					allowed: given.allowed_payment_method_types,
					excluded: given.excluded_payment_method_types,
				},
				'payment intent',
			);
			const intent = createIntent(sandbox, { ...given, payment_method: method?.id, methodTypes });
			return confirm === true
				? confirmed(sandbox, intent, { method: method?.id, off: off === true, returnUrl })
				: intent;
		},
	);
	v1.get(
		base,
		z.strictObject({ ...listing, customer: text.optional() }),
		({ parameters: { customer, ...paging } }) =>
			listOf(base, state.list('payment_intent', paging, { customer })),
	);
	v1.get(`${base}/:id`, z.strictObject({ client_secret: text.optional() }), ({ id }) =>
		state.require('payment_intent', id, 'id'),
	);
	v1.post(
		`${base}/:id`,
		z.strictObject(intentFields),
		({ id, parameters: { metadata: given, ...rest } }) => {
			const intent = state.require('payment_intent', id);
			const named = Object.fromEntries(
				Object.entries(rest).filter(([, value]) => value !== undefined),
			);
			const after = { ...intent, ...named, metadata: mergeMetadata(intent.metadata, given) };
			state.put(after);
			return after;
		},
	);
	v1.post(
		`${base}/:id/confirm`,
		z.strictObject({ ...confirming, payment_method: text.optional() }),
		({ id, parameters }) =>
			confirmed(sandbox, state.require('payment_intent', id), {
				method: parameters.payment_method,
				off: parameters.off_session === true,
				returnUrl: parameters.return_url,
			}),
	);
	v1.post(
		`${base}/:id/capture`,
		z.strictObject({ amount_to_capture: count.optional() }),
		({ id, parameters }) =>
			captureIntent(sandbox, state.require('payment_intent', id), parameters.amount_to_capture),
	);
	v1.post(
		`${base}/:id/cancel`,
		z.strictObject({ cancellation_reason: text.optional() }),
		({ id, parameters }) =>
			cancelIntent(sandbox, state.require('payment_intent', id), parameters.cancellation_reason),
	);
	methodRoutes(v1, sandbox);
}

function confirmed(
	sandbox: Sandbox,
	intent: PaymentIntent,
	{
		method,
		off,
		returnUrl,
	}: { method: string | undefined; off: boolean; returnUrl: string | undefined },
): PaymentIntent {
	if (intent.status !== 'requires_payment_method' && intent.status !== 'requires_confirmation') {
		throw unexpected(intent, 'confirmed');
	}
	const chosen = method ?? intent.payment_method;
	if (chosen === null) {
		throw refused("You cannot confirm this PaymentIntent because it's missing a payment method.", {
			code: 'payment_intent_unexpected_state',
		});
	}
	const after = confirmIntent(sandbox, intent, methodOf(sandbox, chosen), {
		onSession: !off,
		returnUrl: returnUrl ?? null,
	});
	const error = cardError(after);
	if (error !== undefined) throw error;
	return after;
}

/** `/v1/charges`, `/v1/refunds` and `/v1/disputes`. */
export function chargeRoutes(v1: StripeRoutes, sandbox: Sandbox): void {
	const { state } = sandbox;
	v1.get(
		'/v1/charges',
		z.strictObject({ ...listing, customer: text.optional(), payment_intent: text.optional() }),
		({ parameters: { customer, payment_intent, ...paging } }) =>
			listOf('/v1/charges', state.list('charge', paging, { customer, payment_intent })),
	);
	v1.get('/v1/charges/:id', z.strictObject({}), ({ id }) => state.require('charge', id));
	refundRoutes(v1, sandbox);
	disputeRoutes(v1, sandbox);
}
