import type { Tx } from '@autopilot/postgres';
import { NotYet } from '../gateway-events/errors.ts';
import type { Source } from '../gateway-events/apply.ts';
import type { RefundChanged } from '../gateways/gateway.ts';
import { refundEntries, reversed, transferEntries } from '../ledger/entries.ts';
import { book } from '../ledger/ledger.ts';
import { partsOfOrder } from '../ledger/store.ts';
import { followOrder } from '../licenses/follow.ts';
import { recordRefund } from '../orders/orders.ts';
import type { Payment } from '../payments/schema.ts';
import { lockNamed, moveAmounts } from '../payments/store.ts';
import { requestCancellation } from '../subscriptions/cancellation-store.ts';
import { planLines } from '../subscriptions/store.ts';
import { tell } from './refunds.ts';
import { followRenewalRefund } from './renewals.ts';
import type { Refund } from './schema.ts';
import { changeRefund, findNamedRefund, findRefund, insertRefund } from './store.ts';

// A refund may fail after it has succeeded (a closed account); nothing comes after that.
const RANK = { requested: 0, pending: 1, succeeded: 2, failed: 3 };

/** The gateway's word about a refund: one of ours, or one that somebody made there by hand. */
export async function applyRefundChange(
	tx: Tx,
	fact: RefundChanged,
	source: Pick<Source, 'gateway' | 'at' | 'eventId'>,
): Promise<boolean> {
	const payment = await lockNamed(tx, source.gateway, fact);
	if (payment === undefined)
		throw new NotYet(`The payment of refund ${fact.refundRef} is not known.`);
	const known = await findNamedRefund(tx, { ...fact, paymentId: payment.id });
	const refund = known ?? (await takeIn(tx, payment, fact));
	if (RANK[fact.status] <= RANK[refund.status] && refund.refundRef !== null) return true;
	if (fact.status === 'pending') {
		await changeRefund(tx, refund.id, {
			status: 'pending',
			refundRef: fact.refundRef,
			at: source.at,
		});
		return true;
	}
	return fact.status === 'succeeded'
		? succeed(tx, { refund, payment, fact, source })
		: fail(tx, { refund, payment, fact, source });
}

interface Turn {
	refund: Refund;
	payment: Payment;
	fact: Pick<RefundChanged, 'failure'> & { refundRef?: string };
	source: { at: Date; eventId: string };
}

async function takeIn(tx: Tx, payment: Payment, fact: RefundChanged): Promise<Refund> {
	await moveAmounts(tx, payment.id, { refundPending: fact.amount });
	const refund = await insertRefund(tx, {
		paymentId: payment.id,
		status: 'pending',
		origin: 'gateway',
		amount: fact.amount,
		reason: fact.reason ?? null,
		lines: [],
		refundRef: fact.refundRef,
		businessKey: null,
		correlationId: payment.correlationId,
	});
	if (refund === undefined) throw new Error('INSERT ... RETURNING gave no row.');
	await tell(tx, refund, 'refund.created');
	return refund;
}

async function succeed(tx: Tx, { refund, payment, fact, source }: Turn): Promise<boolean> {
	const { amount } = refund;
	const after = await moveAmounts(tx, payment.id, { refunded: amount, refundPending: -amount });
	await changeRefund(tx, refund.id, {
		status: 'succeeded',
		refundRef: fact.refundRef ?? null,
		at: source.at,
	});
	await book(tx, {
		businessKey: `refund:${refund.id}`,
		kind: 'refund',
		orderId: refund.orderId,
		currency: refund.currency,
		occurredAt: source.at,
		correlationId: refund.correlationId,
		entries: await entriesOf(tx, refund, payment),
	});
	if (countsForOrder(payment)) await tellOrder(tx, { refund, payment, source });
	if (payment.kind === 'renewal') await followRenewalRefund(tx, after, source);
	return told(tx, refund.id, 'refund.succeeded');
}

async function tellOrder(
	tx: Tx,
	{ refund, payment, source }: Pick<Turn, 'refund' | 'payment' | 'source'>,
): Promise<void> {
	const cause = { correlationId: refund.correlationId };
	const reason = refund.reason ?? undefined;
	const { amount, orderId, id: refundId, lines } = refund;
	const order = await recordRefund(tx, orderId, { amount, refundId, reason }, cause);
	const whole = order.refunded >= order.captured;
	if (whole) await requestCancellation(tx, orderId, 'order_refunded');
	if (payment.status === 'rejected') return;
	const lineIds = order.lines
		.filter((line) => lines.some((one) => one.lineId === line.id && one.quantity >= line.quantity))
		.map(({ id }) => id);
	await followOrder(
		tx,
		{
			orderId,
			kind: whole ? 'refunded' : 'partially_refunded',
			...(lineIds.length === 0 || whole ? {} : { orderLineIds: lineIds }),
			sourceAt: source.at,
			sourceId: source.eventId,
		},
		cause,
	);
}

async function fail(tx: Tx, { refund, payment, fact, source }: Turn): Promise<boolean> {
	const { amount, status } = refund;
	const cause = { correlationId: refund.correlationId };
	await changeRefund(tx, refund.id, {
		status: 'failed',
		refundRef: fact.refundRef ?? null,
		failure: fact.failure ?? 'The gateway gives no reason.',
		at: source.at,
	});
	if (status === 'succeeded') {
		await moveAmounts(tx, payment.id, { refunded: -amount });
		const before = { ...payment, refunded: payment.refunded - amount };
		await book(tx, {
			businessKey: `refund:${refund.id}:failed`,
			kind: 'refund_reversal',
			orderId: refund.orderId,
			currency: refund.currency,
			occurredAt: source.at,
			correlationId: refund.correlationId,
			entries: reversed(await entriesOf(tx, refund, before)),
		});
		if (countsForOrder(payment)) {
			await recordRefund(tx, refund.orderId, { amount: -amount, refundId: refund.id }, cause);
		}
	} else {
		await moveAmounts(tx, payment.id, { refundPending: -amount });
	}
	return told(tx, refund.id, 'refund.failed');
}

/** The gateway refuses for good to do what we have asked for. */
export async function refuseRefund(
	tx: Tx,
	refund: Refund,
	payment: Payment,
	failure: string,
): Promise<void> {
	await fail(tx, {
		refund,
		payment,
		fact: { failure },
		source: { at: new Date(), eventId: refund.id },
	});
}

// By lines: of what these are made. Else the refunds so far and this one, of the whole order.
async function entriesOf(tx: Tx, refund: Refund, payment: Payment) {
	if (payment.status === 'rejected') {
		return transferEntries(refund.amount, 'gateway_clearing', 'unassigned_payments');
	}
	const { orderId, lines, amount } = refund;
	if (lines.length > 0) {
		const lineIds = lines.map(({ lineId }) => lineId);
		return refundEntries(amount, 0, await partsOfOrder(tx, orderId, lineIds));
	}
	// A renewal was booked as the plan's lines alone.
	const lineIds =
		payment.kind === 'renewal' ? (await planLines(tx, orderId)).map(({ id }) => id) : undefined;
	return refundEntries(amount, payment.refunded, await partsOfOrder(tx, orderId, lineIds));
}

// What the order counts as captured: its own payment, and money that came too late for it.
function countsForOrder({ kind, rejection }: Payment): boolean {
	if (kind !== 'order') return false;
	return rejection === null || rejection === 'stock_failed' || rejection === 'order_cancelled';
}

async function told(tx: Tx, id: string, type: 'refund.succeeded' | 'refund.failed') {
	const refund = await findRefund(tx, id);
	if (refund !== undefined) await tell(tx, refund, type);
	return true;
}
