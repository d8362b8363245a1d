import type { Logger } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import type { Gateways } from '../gateways/gateways.ts';
import {
	claimCancellations,
	type DueCancellation,
	finishCancellation,
	postponeCancellation,
} from './cancellation-store.ts';
import { applySubscriptionChange } from './effects.ts';

const BATCH = 10;
const LEASE_SECONDS = 120;
const LONGEST_WAIT_SECONDS = 3600;
/** Until a subscription is looked for again that nobody has told us of yet, doubled each time: most never come. */
const UNKNOWN_SECONDS = 15;

interface Parts {
	gateways: Gateways;
	logger: Logger;
}

/**
 * Ends the subscriptions of orders that are over, at their gateway and at once. What has no answer, or a refusal, is
 * asked for again for ever, up to once in an hour: as long as it runs, it takes money. Asking for what has ended is no
 * harm, so neither is a kill between the gateway's answer and our note of it.
 */
export async function endSubscriptions(db: Database, parts: Parts): Promise<void> {
	for (;;) {
		const due = await claimCancellations(db, { limit: BATCH, leaseSeconds: LEASE_SECONDS });
		for (const cancellation of due) await end(db, cancellation, parts);
		if (due.length < BATCH) return;
	}
}

async function end(
	db: Database,
	{ id, orderId, attempts, stale, subscriptions }: DueCancellation,
	{ gateways, logger }: Parts,
): Promise<void> {
	try {
		for (const { gateway, subscriptionRef, isOver } of subscriptions) {
			if (isOver) continue;
			const answer = await gateways.pick(gateway).cancelSubscription(subscriptionRef, {
				atPeriodEnd: false,
				idempotencyKey: `cancel-${id}-${subscriptionRef}`,
			});
			const source = { gateway, at: new Date(), eventId: `cancelled:${id}`, fetched: true };
			await db.transaction((tx) => applySubscriptionChange(tx, { ...answer, orderId }, source));
		}
	} catch (error) {
		logger.warn({ err: error, order: orderId }, 'a subscription could not be ended');
		const failure = error instanceof Error ? error.message : String(error);
		const seconds = Math.min(LONGEST_WAIT_SECONDS, 2 ** Math.min(attempts, 12));
		return postponeCancellation(db, id, { failure, seconds });
	}
	if (subscriptions.length > 0 || stale) return finishCancellation(db, id);
	const seconds = Math.min(LONGEST_WAIT_SECONDS, UNKNOWN_SECONDS * 2 ** Math.min(attempts, 10));
	return postponeCancellation(db, id, { failure: null, seconds });
}
