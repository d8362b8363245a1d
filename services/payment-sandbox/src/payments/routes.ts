import { z } from 'zod';
import type { stripeRoutes } from '../wire/endpoint.ts';
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
import { closeDispute, submitEvidence } from './disputes.ts';
import { cardError, unexpected } from './intent-errors.ts';
import { createIntent, type PaymentIntent } from './intent.ts';
import { attachMethod, methodOf } from './methods.ts';
import { createRefund } from './refunds.ts';

type Routes = ReturnType<typeof stripeRoutes>;

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
};

export function paymentIntentRoutes(v1: Routes, sandbox: Sandbox): void {
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
			allowed_payment_method_types: z.array(text).optional(),
			excluded_payment_method_types: z.array(text).optional(),
			capture_method: z.enum(['automatic', 'automatic_async', 'manual']).optional(),
			confirm: flag.optional(),
		}),
		({ parameters: { confirm, off_session: off, return_url: returnUrl, ...given } }) => {
			if (given.customer !== undefined) state.require('customer', given.customer, 'customer');
			const method =
				given.payment_method === undefined ? undefined : methodOf(sandbox, given.payment_method);
			const intent = createIntent(sandbox, { ...given, payment_method: method?.id });
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

function methodRoutes(v1: Routes, sandbox: Sandbox): void {
	const { state } = sandbox;
	const base = '/v1/payment_methods';
	v1.get(
		base,
		z.strictObject({ ...listing, customer: text.optional(), type: text.optional() }),
		({ parameters: { customer, type: _type, ...paging } }) =>
			listOf(base, state.list('payment_method', paging, { customer })),
	);
	v1.get(`${base}/:id`, z.strictObject({}), ({ id }) => methodOf(sandbox, id, 'id'));
	v1.post(`${base}/:id/attach`, z.strictObject({ customer: text }), ({ id, parameters }) =>
		attachMethod(sandbox, id, parameters.customer),
	);
	v1.post(`${base}/:id/detach`, z.strictObject({}), ({ id }) => {
		const after = { ...state.require('payment_method', id), customer: null };
		state.put(after);
		return after;
	});
}

export function chargeRoutes(v1: Routes, sandbox: Sandbox): void {
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

function refundRoutes(v1: Routes, sandbox: Sandbox): void {
	const { state } = sandbox;
	const base = '/v1/refunds';
	v1.post(
		base,
		z.strictObject({
			amount: count.optional(),
			charge: text.optional(),
			payment_intent: text.optional(),
			metadata: metadata.optional(),
			reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
		}),
		({ parameters: { charge, payment_intent: intent, ...given } }) => {
			if (charge !== undefined)
				return createRefund(sandbox, state.require('charge', charge, 'charge'), given);
			if (intent === undefined) {
				throw refused(
					'One of the following params should be provided for this request: payment_intent or charge.',
					{ code: 'parameter_missing', param: 'payment_intent' },
				);
			}
			const { latest_charge: latest } = state.require('payment_intent', intent, 'payment_intent');
			if (latest === null) {
				throw refused(
					`This PaymentIntent (${intent}) does not have a successful charge to refund.`,
					{ param: 'payment_intent' },
				);
			}
			return createRefund(sandbox, state.require('charge', latest), given);
		},
	);
	v1.get(
		base,
		z.strictObject({ ...listing, charge: text.optional(), payment_intent: text.optional() }),
		({ parameters: { charge, payment_intent, ...paging } }) =>
			listOf(base, state.list('refund', paging, { charge, payment_intent })),
	);
	v1.get(`${base}/:id`, z.strictObject({}), ({ id }) => state.require('refund', id));
	v1.post(
		`${base}/:id`,
		z.strictObject({ metadata: metadata.optional() }),
		({ id, parameters }) => {
			const refund = state.require('refund', id);
			const after = { ...refund, metadata: mergeMetadata(refund.metadata, parameters.metadata) };
			state.put(after);
			return after;
		},
	);
}

function disputeRoutes(v1: Routes, sandbox: Sandbox): void {
	const { state } = sandbox;
	const base = '/v1/disputes';
	v1.get(
		base,
		z.strictObject({ ...listing, charge: text.optional(), payment_intent: text.optional() }),
		({ parameters: { charge, payment_intent, ...paging } }) =>
			listOf(base, state.list('dispute', paging, { charge, payment_intent })),
	);
	v1.get(`${base}/:id`, z.strictObject({}), ({ id }) => state.require('dispute', id));
	v1.post(
		`${base}/:id`,
		z.strictObject({
			evidence: z.record(z.string(), z.string().max(20_000)).optional(),
			metadata: metadata.optional(),
			submit: flag.optional(),
		}),
		({ id, parameters }) => submitEvidence(sandbox, state.require('dispute', id), parameters),
	);
	v1.post(`${base}/:id/close`, z.strictObject({}), ({ id }) =>
		closeDispute(sandbox, state.require('dispute', id), 'lost'),
	);
}
