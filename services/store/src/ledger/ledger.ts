import type { Tx } from '@autopilot/postgres';
import type { Entry } from './entries.ts';
import { insertTransaction } from './store.ts';

export type TransactionKind =
	| 'payment'
	| 'rejected_payment'
	| 'fee'
	| 'refund'
	| 'refund_reversal'
	| 'dispute'
	| 'dispute_reversal'
	| 'payout'
	| 'payout_reversal';

export interface Booking {
	/** What it stands for, e.g. `payment:<id>`: the same is never booked twice. */
	businessKey: string;
	kind: TransactionKind;
	orderId: string | null;
	currency: string;
	occurredAt: Date;
	correlationId: string;
	entries: Entry[];
}

/**
 * Books, once. The database refuses entries that do not sum to zero when the transaction commits.
 * @returns false when this has been booked before
 */
export async function book(tx: Tx, booking: Booking): Promise<boolean> {
	if (booking.entries.length === 0) return false;
	return insertTransaction(tx, booking);
}
