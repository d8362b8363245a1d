import type { Tx } from '@autopilot/postgres';
import type { PayoutChanged } from '../gateways/gateway.ts';
import { transferEntries } from './entries.ts';
import { book } from './ledger.ts';

/** What the gateway has sent to the bank; booked back when the bank sends it back. */
export async function bookPayout(
	tx: Tx,
	{ payoutRef, status, amount, currency }: PayoutChanged,
	{ gateway, at, eventId }: { gateway: string; at: Date; eventId: string },
): Promise<boolean> {
	const businessKey = `payout:${gateway}:${payoutRef}`;
	const booking = {
		orderId: null,
		currency,
		occurredAt: at,
		correlationId: eventId,
	};
	const paid = await book(tx, {
		...booking,
		businessKey,
		kind: 'payout',
		entries: transferEntries(amount, 'gateway_clearing', 'bank'),
	});
	// Whichever of the two is told first: a failed one is booked out and back in.
	if (status === 'paid') return paid;
	return book(tx, {
		...booking,
		businessKey: `${businessKey}:failed`,
		kind: 'payout_reversal',
		entries: transferEntries(amount, 'bank', 'gateway_clearing'),
	});
}
