import type { Tx } from '@autopilot/postgres';
import type { Source } from '../gateway-events/apply.ts';
import { periodPaidBy } from '../invoices/store.ts';
import { followRenewalDispute } from '../licenses/follow.ts';
import type { Payment } from '../payments/schema.ts';
import { planLines } from '../subscriptions/store.ts';
import type { Dispute } from './schema.ts';

/**
 * The bank asks back what a renewal was paid with, or has decided. The licence is suspended meanwhile; what is lost
 * revokes it until a later period is paid. The order and the subscription stay as they are, as with its refund.
 */
export async function followDisputedRenewal(
	tx: Tx,
	...[dispute, turn, { at: sourceAt, eventId }, payment]: [
		Dispute,
		'opened' | 'won' | 'lost',
		Pick<Source, 'at' | 'eventId'>,
		Payment,
	]
): Promise<void> {
	const { id: disputeId, orderId, correlationId } = dispute;
	const { periodEnd = null, isLast = false } = (await periodPaidBy(tx, payment.id)) ?? {};
	const state = turn === 'lost' && !isLast ? ('over' as const) : turn;
	const sourceId = `${eventId}:${turn}`;
	for (const { id: orderLineId } of await planLines(tx, orderId)) {
		const fact = { orderLineId, disputeId, state, periodEnd, sourceAt, sourceId };
		await followRenewalDispute(tx, fact, { correlationId });
	}
}
