import type { Tx } from '@autopilot/postgres';
import { lockSubject } from './issue.ts';
import { type Cause, settle } from './settle.ts';
import { spanOf } from './state.ts';
import { type Told, upsertSource } from './source-store.ts';
import { lockLicensesOf } from './store.ts';

/** Something that happened to the money of an order. */
export interface OrderFact {
	orderId: string;
	/** Lines that were refunded by themselves; the whole order when not given. */
	orderLineIds?: readonly string[];
	kind: 'refunded' | 'partially_refunded' | 'dispute_opened' | 'dispute_won' | 'dispute_lost';
	/** When it happened at the gateway; ISO 8601 or a date. */
	sourceAt: Date | string;
	/** Id of the gateway's event: the same twice counts once. */
	sourceId: string;
}

/** The state of a subscription, in Stripe's words. */
export interface SubscriptionFact {
	subscriptionId: string;
	orderLineId: string;
	status:
		| 'incomplete'
		| 'trialing'
		| 'active'
		| 'past_due'
		| 'paused'
		| 'unpaid'
		| 'canceled'
		| 'cancelled'
		| 'ended'
		| 'incomplete_expired';
	/** Until when it is paid for; with `canceled` the end of what was paid. */
	currentPeriodEnd: Date | string | null;
	/** With `past_due`: until when the buyer may go on. */
	graceUntil: Date | string | null;
	/** It still runs, but will not be renewed: the licence runs out with the period. */
	cancelAtPeriodEnd?: boolean;
	sourceAt: Date | string;
	sourceId: string;
}

/** What became of the money of one renewal. */
export interface RenewalFact {
	orderLineId: string;
	state: 'paid' | 'refunded';
	/** Until when this renewal lets the licence run. */
	periodEnd: Date | string;
	sourceAt: Date | string;
	sourceId: string;
}

/** What became of the dispute about the payment of a renewal. */
export interface RenewalDisputeFact {
	orderLineId: string;
	/** Ours, of the dispute. */
	disputeId: string;
	/** `over` it is lost, but a later period is paid already. */
	state: 'opened' | 'won' | 'lost' | 'over';
	/** Until when this renewal lets the licence run. */
	periodEnd: Date | string | null;
	sourceAt: Date | string;
	sourceId: string;
}

// By how late in a life a state comes: of two events in one second the later state is believed.
const ORDER_STATES = {
	partially_refunded: { kind: 'refund', state: 'partially_refunded', rank: 1 },
	refunded: { kind: 'refund', state: 'refunded', rank: 2 },
	dispute_opened: { kind: 'dispute', state: 'opened', rank: 1 },
	dispute_won: { kind: 'dispute', state: 'won', rank: 2 },
	dispute_lost: { kind: 'dispute', state: 'lost', rank: 3 },
} as const;

const SUBSCRIPTION_RANKS: Record<SubscriptionFact['status'], number> = {
	incomplete: 0,
	trialing: 1,
	active: 2,
	past_due: 3,
	paused: 4,
	unpaid: 5,
	canceled: 6,
	cancelled: 6,
	ended: 7,
	incomplete_expired: 7,
};

/**
 * Lets the licences of an order follow its money: refunded or a lost dispute revokes, an open dispute suspends, a won
 * one reinstates; a partial refund changes nothing, unless it names whole lines. What is older than what is known, or
 * known already, changes nothing. It may come before the licences are issued.
 */
export async function followOrder(tx: Tx, fact: OrderFact, cause: Cause): Promise<void> {
	const { kind, state, rank } =
		fact.orderLineIds === undefined || fact.kind !== 'partially_refunded'
			? ORDER_STATES[fact.kind]
			: ORDER_STATES.refunded;
	const source = {
		kind,
		state,
		rank,
		subscriptionId: null,
		periodEnd: null,
		graceUntil: null,
		sourceAt: new Date(fact.sourceAt),
		sourceId: fact.sourceId,
	};
	for (const subject of [...(fact.orderLineIds ?? [fact.orderId])].sort()) {
		await hear(tx, subject, source, cause);
	}
}

/**
 * Lets the licence of a line follow its subscription: trialing and active run until the end of the period, past_due
 * until the end of the grace, unpaid and paused are suspended, cancelled runs out. Only a newer event moves it.
 */
export async function followSubscription(
	tx: Tx,
	fact: SubscriptionFact,
	cause: Cause,
): Promise<void> {
	const runsOut = fact.cancelAtPeriodEnd === true && ['active', 'trialing'].includes(fact.status);
	const source = {
		kind: 'subscription' as const,
		state: runsOut ? 'cancelled' : fact.status,
		rank: SUBSCRIPTION_RANKS[fact.status],
		subscriptionId: fact.subscriptionId,
		periodEnd: dateOf(fact.currentPeriodEnd),
		graceUntil: dateOf(fact.graceUntil),
		sourceAt: new Date(fact.sourceAt),
		sourceId: fact.sourceId,
	};
	await hear(tx, fact.orderLineId, source, cause);
}

/**
 * Lets the licence of a line follow its renewals: one that was refunded in full revokes it until a later period is
 * paid. What is told of an earlier period than the newest that is known changes nothing.
 */
export async function followRenewal(tx: Tx, fact: RenewalFact, cause: Cause): Promise<void> {
	const { orderLineId, state, sourceId } = fact;
	const source = {
		kind: 'renewal' as const,
		state,
		rank: state === 'paid' ? 1 : 2,
		subscriptionId: null,
		periodEnd: new Date(fact.periodEnd),
		graceUntil: null,
		sourceAt: new Date(fact.sourceAt),
		sourceId,
	};
	await hear(tx, orderLineId, source, cause);
}

/**
 * Lets the licence of a line follow the disputes of its renewals, each by itself: an open one suspends it, whichever
 * period it is about; one that is lost revokes it until a later period is paid, as the refund of that renewal would.
 */
export async function followRenewalDispute(
	tx: Tx,
	fact: RenewalDisputeFact,
	cause: Cause,
): Promise<void> {
	const { orderLineId, disputeId, state, sourceId } = fact;
	const source = {
		kind: 'renewal_dispute' as const,
		about: disputeId,
		state,
		rank: state === 'opened' ? 1 : 2,
		subscriptionId: null,
		periodEnd: dateOf(fact.periodEnd),
		graceUntil: null,
		sourceAt: new Date(fact.sourceAt),
		sourceId,
	};
	await hear(tx, orderLineId, source, cause);
}

async function hear(tx: Tx, subjectId: string, source: Told, cause: Cause): Promise<void> {
	await lockSubject(tx, subjectId);
	if (!(await upsertSource(tx, subjectId, source))) return;
	for (const license of await lockLicensesOf(tx, subjectId)) {
		const patch =
			source.kind === 'subscription'
				? {
						...spanOf(license, source),
						subscriptionId: source.subscriptionId,
						subscriptionStatus: source.state,
					}
				: {};
		await settle(tx, license, patch, { actor: 'payments', ...cause });
	}
}

function dateOf(value: Date | string | null): Date | null {
	return value === null ? null : new Date(value);
}
