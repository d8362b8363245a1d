import { z } from 'zod';
import type { Sandbox } from '../sandbox.ts';
import type { StripeRoutes } from '../wire/endpoint.ts';
import { refused } from '../wire/error.ts';
import { listOf } from '../wire/includable.ts';
import { count, listing, mergeMetadata, metadata, text } from '../wire/parameters.ts';
import { createRefund } from './refunds.ts';

/** `/v1/refunds`, of a charge or of the latest charge of an intent. */
export function refundRoutes(v1: StripeRoutes, sandbox: Sandbox): void {
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
