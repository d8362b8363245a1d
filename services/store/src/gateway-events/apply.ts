import type { Tx } from '@autopilot/postgres';
import { applyDisputeChange } from '../disputes/disputes.ts';
import type { Fact } from '../gateways/gateway.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { applyInvoiceChange, applyInvoiceLink } from '../invoices/invoices.ts';
import { bookPayout } from '../ledger/payouts.ts';
import type { IssueForOrder } from '../licenses/issue.ts';
import {
	applyCheckoutExpired,
	applyPaymentFailed,
	applyPaymentPending,
	applyPaymentSucceeded,
} from '../payments/effects.ts';
import { applyRefundChange } from '../refunds/effects.ts';
import { applySubscriptionChange } from '../subscriptions/effects.ts';
import type { ClaimedEvent } from './store.ts';

/** Where a fact comes from, and of what time it is. */
export interface Source {
	gateway: string;
	/** When the gateway says it happened; of an object that was asked for, when it was asked for. */
	at: Date;
	eventId: string;
	/** The object was asked for: it is as it is now, whatever came in which order. */
	fetched: boolean;
}

export interface EffectParts {
	gateways: Gateways;
	issueForOrder: IssueForOrder;
}

/**
 * Brings about what an event says, inside the transaction that acknowledges it.
 * @returns `ignored` for types that we don't follow and for what is not ours
 * @throws {NotYet} when it is about something that may come still, {NeedsFetch} when the object must be asked for
 */
export async function applyEvent(
	tx: Tx,
	event: ClaimedEvent,
	{ gateways, issueForOrder }: EffectParts,
): Promise<'handled' | 'ignored'> {
	const { gateway, type, raw, fetched } = event;
	const facts = gateways.pick(gateway).interpret({ type, raw, fetched: fetched?.object });
	const source = {
		issueForOrder,
		gateway,
		at: fetched === null ? event.occurredAt : new Date(fetched.at),
		eventId: event.externalId,
		fetched: fetched !== null,
	};
	let ours = false;
	for (const fact of facts) ours = (await applyFact(tx, fact, source)) || ours;
	return ours ? 'handled' : 'ignored';
}

/** @returns false when it is not about anything of ours */
function applyFact(
	tx: Tx,
	fact: Fact,
	source: Source & Pick<EffectParts, 'issueForOrder'>,
): Promise<boolean> {
	switch (fact.kind) {
		case 'payment_succeeded':
			return applyPaymentSucceeded(tx, fact, source);
		case 'payment_pending':
			return applyPaymentPending(tx, fact, source);
		case 'payment_failed':
			return applyPaymentFailed(tx, fact, source);
		case 'checkout_expired':
			return applyCheckoutExpired(tx, fact, source);
		case 'refund_changed':
			return applyRefundChange(tx, fact, source);
		case 'dispute_changed':
			return applyDisputeChange(tx, fact, source);
		case 'subscription_changed':
			return applySubscriptionChange(tx, fact, source);
		case 'invoice_changed':
			return applyInvoiceChange(tx, fact, source);
		case 'invoice_linked':
			return applyInvoiceLink(tx, fact, source);
		case 'payout_changed':
			return bookPayout(tx, fact, source);
	}
}
