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
import type { Told } from '../payments/accept.ts';
import { payOrdinary } from '../payments/ordinary.ts';
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

/** What has become of an event whose effects are in the transaction. */
export type Outcome = 'handled' | 'ignored';

type FactSource = Source & Pick<EffectParts, 'issueForOrder'>;

interface Interpreted {
	event: ClaimedEvent;
	facts: Fact[];
	source: FactSource;
}

/**
 * Brings about what events say, inside the transaction that acknowledges them: the payments of the ordinary case all
 * together, everything else one after the other.
 * @param events  in the order in which those of one object are to take effect
 * @returns what has become of each: `ignored` are types that we don't follow and what is not ours
 * @throws {NotYet} when one is about something that may come still, {NeedsFetch} when its object must be asked for,
 *   {NotTogether} when one must be alone
 */
export async function applyEvents(
	tx: Tx,
	events: readonly ClaimedEvent[],
	parts: EffectParts,
): Promise<Outcome[]> {
	const interpreted = events.map((event) => interpret(event, parts));
	return applyAll(tx, interpreted, await payOrdinary(tx, onlyPaid(interpreted)));
}

/** The same for one of them, after they have failed together: nothing about it is taken for ordinary. */
export async function applyAlone(
	tx: Tx,
	event: ClaimedEvent,
	parts: EffectParts,
): Promise<Outcome[]> {
	return applyAll(tx, [interpret(event, parts)], new Set());
}

async function applyAll(
	tx: Tx,
	interpreted: readonly Interpreted[],
	paid: ReadonlySet<Fact>,
): Promise<Outcome[]> {
	const outcomes: Outcome[] = [];
	for (const { facts, source } of interpreted) {
		let ours = false;
		for (const fact of facts) {
			ours = paid.has(fact) || (await applyFact(tx, fact, source)) || ours;
		}
		outcomes.push(ours ? 'handled' : 'ignored');
	}
	return outcomes;
}

function interpret(event: ClaimedEvent, { gateways, issueForOrder }: EffectParts): Interpreted {
	const { gateway, type, raw, fetched } = event;
	return {
		event,
		facts: gateways.pick(gateway).interpret({ type, raw, fetched: fetched?.object }),
		source: {
			issueForOrder,
			gateway,
			at: fetched === null ? event.occurredAt : new Date(fetched.at),
			eventId: event.externalId,
			fetched: fetched !== null,
		},
	};
}

// Of objects of which nothing else is told at once, so that nothing is overtaken. An event without facts tells nothing.
function onlyPaid(interpreted: readonly Interpreted[]): Told[] {
	const others = new Set<string>();
	const told: (Told & { objectKey: string })[] = [];
	for (const { event, facts, source } of interpreted) {
		const [fact] = facts;
		if (facts.length === 1 && fact?.kind === 'payment_succeeded') {
			told.push({ fact, source, objectKey: event.objectKey });
		} else if (facts.length > 0) others.add(event.objectKey);
	}
	return told.filter(({ objectKey }) => !others.has(objectKey));
}

/** @returns false when it is not about anything of ours */
function applyFact(tx: Tx, fact: Fact, source: FactSource): Promise<boolean> {
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
