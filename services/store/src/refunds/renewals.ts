import type { Tx } from '@autopilot/postgres';
import type { Source } from '../gateway-events/apply.ts';
import { periodPaidBy } from '../invoices/store.ts';
import { followRenewal } from '../licenses/follow.ts';
import type { Payment } from '../payments/schema.ts';
import { planLines } from '../subscriptions/store.ts';

/**
 * A renewal went back in full. When it pays for the newest period that is paid, the licence is revoked until a later
 * one is. The subscription goes on: whoever wants it to end cancels it. Parts, and periods that are over, are goodwill
 * and change nothing.
 */
export async function followRenewalRefund(
	tx: Tx,
	payment: Payment,
	{ at: sourceAt, eventId: sourceId }: Pick<Source, 'at' | 'eventId'>,
): Promise<void> {
	const { id, orderId, refunded, captured, correlationId } = payment;
	if (refunded < captured) return;
	const { periodEnd, isLast } = (await periodPaidBy(tx, id)) ?? {};
	if (periodEnd === undefined || isLast !== true) return;
	for (const { id: orderLineId } of await planLines(tx, orderId)) {
		const fact = { orderLineId, state: 'refunded' as const, periodEnd, sourceAt, sourceId };
		await followRenewal(tx, fact, { correlationId });
	}
}
