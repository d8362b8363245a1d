import { emit } from '@autopilot/events';
import type { Tx } from '@autopilot/postgres';
import type { EventType } from '../event-types.ts';
import type { Source } from '../gateway-events/apply.ts';
import { NotYet } from '../gateway-events/errors.ts';
import type { DisputeChanged } from '../gateways/gateway.ts';
import { transferEntries } from '../ledger/entries.ts';
import { book } from '../ledger/ledger.ts';
import { followOrder } from '../licenses/follow.ts';
import { recordDispute } from '../orders/orders.ts';
import { tell as tellPayment } from '../payments/accept.ts';
import type { Payment } from '../payments/schema.ts';
import { lockNamed, moveAmounts } from '../payments/store.ts';
import type { Dispute } from './schema.ts';
import { followDisputedRenewal } from './renewals.ts';
import { findNamedDispute, saveDispute } from './store.ts';

type DisputeSource = Pick<Source, 'gateway' | 'at' | 'eventId'>;

const RANK = { inquiry: 0, open: 1, won: 2, lost: 2 };

/**
 * The bank takes money back while it decides. `open` takes it out of the clearing account, `won` brings it back, `lost`
 * leaves it lost. A state that is told late, after a later one, changes nothing.
 */
export async function applyDisputeChange(
	tx: Tx,
	fact: DisputeChanged,
	source: DisputeSource,
): Promise<boolean> {
	const payment = await lockNamed(tx, source.gateway, fact);
	if (payment === undefined) {
		throw new NotYet(`The payment of dispute ${fact.disputeRef} is not known.`);
	}
	const before = await findNamedDispute(tx, source.gateway, fact.disputeRef);
	const rankBefore = before === undefined ? -1 : RANK[before.status];
	if (RANK[fact.status] <= rankBefore) return true;
	const dispute = await saveDispute(tx, fact, { paymentId: payment.id, at: source.at });
	if (fact.status === 'inquiry') return true;
	// Told of the end only: what comes before it happened too.
	if (rankBefore < RANK.open) await open(tx, dispute, payment, source);
	if (fact.status !== 'open') await close(tx, dispute, payment, source);
	return true;
}

async function open(
	tx: Tx,
	dispute: Dispute,
	payment: Payment,
	source: DisputeSource,
): Promise<void> {
	const disputed = await moveAmounts(tx, payment.id, { disputed: dispute.amount });
	await book(tx, {
		...bookingOf(dispute, source),
		businessKey: `dispute:${dispute.id}`,
		kind: 'dispute',
		entries: transferEntries(dispute.amount, 'gateway_clearing', 'disputes'),
	});
	await tellOrder(tx, dispute, 'opened', source, payment);
	await tell(tx, dispute, 'dispute.opened');
	await tellPayment(tx, disputed, 'payment.disputed');
}

async function close(
	tx: Tx,
	dispute: Dispute,
	payment: Payment,
	source: DisputeSource,
): Promise<void> {
	const won = dispute.status === 'won';
	if (won) {
		await moveAmounts(tx, payment.id, { disputed: -dispute.amount });
		await book(tx, {
			...bookingOf(dispute, source),
			businessKey: `dispute:${dispute.id}:won`,
			kind: 'dispute_reversal',
			entries: transferEntries(dispute.amount, 'disputes', 'gateway_clearing'),
		});
	}
	await tellOrder(tx, dispute, won ? 'won' : 'lost', source, payment);
	await tell(tx, dispute, won ? 'dispute.won' : 'dispute.lost');
}

async function tellOrder(
	tx: Tx,
	...[dispute, turn, source, payment]: [Dispute, 'opened' | 'won' | 'lost', DisputeSource, Payment]
): Promise<void> {
	if (payment.status !== 'succeeded') return;
	if (payment.kind === 'renewal') return followDisputedRenewal(tx, dispute, turn, source, payment);
	const cause = { correlationId: dispute.correlationId };
	await recordDispute(tx, dispute.orderId, turn, cause);
	await followOrder(
		tx,
		{
			orderId: dispute.orderId,
			kind: `dispute_${turn}`,
			sourceAt: source.at,
			sourceId: `${source.eventId}:${turn}`,
		},
		cause,
	);
}

function bookingOf(dispute: Dispute, { at }: DisputeSource) {
	return {
		orderId: dispute.orderId,
		currency: dispute.currency,
		occurredAt: at,
		correlationId: dispute.correlationId,
	};
}

async function tell(tx: Tx, dispute: Dispute, type: EventType): Promise<void> {
	await emit(tx, {
		type,
		aggregate: { type: 'dispute', id: dispute.id },
		data: dispute,
		correlationId: dispute.correlationId,
	});
}
