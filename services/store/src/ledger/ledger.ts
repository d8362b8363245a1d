import type { Tx } from '@autopilot/postgres';
import type { Entry } from './entries.ts';
import { insertTransactions } from './store.ts';

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
 * Books, each once. The database refuses entries that do not sum to zero when the transaction commits.
 * @returns how many had not been booked before
 */
export async function bookAll(tx: Tx, bookings: readonly Booking[]): Promise<number> {
	const worth = bookings.filter(({ entries }) => entries.length > 0);
	return worth.length === 0 ? 0 : insertTransactions(tx, worth);
}

/** The same for one. @returns false when it has been booked before */
export async function book(tx: Tx, booking: Booking): Promise<boolean> {
	return (await bookAll(tx, [booking])) > 0;
}
