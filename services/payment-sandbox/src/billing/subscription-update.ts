import { z } from 'zod';
import { nowOf, save, type Sandbox } from '../sandbox.ts';
import type { StripeRoutes } from '../wire/endpoint.ts';
import { refused } from '../wire/error.ts';
import { emptyable, flag, integer, mergeMetadata, metadata, text } from '../wire/parameters.ts';
import { renew } from './cycle.ts';
import { itemParameters, replaceItems } from './subscription-items.ts';
import { cancellationDetails, trialEnd } from './subscription-parameters.ts';
import {
	changeSubscription,
	periodOf,
	scheduleNext,
	withPeriod,
	type Subscription,
} from './subscription.ts';

const pauseCollection = z.strictObject({
	behavior: z.enum(['keep_as_draft', 'mark_uncollectible', 'void']),
	resumes_at: integer.optional(),
});

/** `POST /v1/subscriptions/{id}`. A change of items counts from the next invoice on. */
export function updateRoute(v1: StripeRoutes, sandbox: Sandbox): void {
	const { state } = sandbox;
	v1.post(
		'/v1/subscriptions/:id',
		z.strictObject({
			cancel_at: emptyable(integer).optional(),
			cancel_at_period_end: flag.optional(),
			cancellation_details: cancellationDetails.optional(),
			default_payment_method: text.optional(),
			description: emptyable(text).optional(),
			items: z.array(itemParameters).optional(),
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

function endTrial(sandbox: Sandbox, subscription: Subscription, at: number): Subscription {
	const now = nowOf(sandbox, subscription.test_clock);
	const { start } = periodOf(subscription);
	const moved = { ...withPeriod(subscription, start, at), trial_end: at, billing_cycle_anchor: at };
	save(sandbox, moved);
	scheduleNext(sandbox, moved);
	if (at <= now) renew(sandbox, subscription.id);
	return sandbox.state.require('subscription', subscription.id);
}
