import type { Tx } from '@autopilot/postgres';
import type { Source } from '../gateway-events/apply.ts';
import { NotYet } from '../gateway-events/errors.ts';
import type {
	CheckoutExpired,
	PaymentFailed,
	PaymentNames,
	PaymentPending,
	PaymentSucceeded,
} from '../gateways/gateway.ts';
import { transferEntries } from '../ledger/entries.ts';
import { book } from '../ledger/ledger.ts';
import { markPaid, markPaymentFailed, markPaymentPending } from '../orders/orders.ts';
import { UNPAID } from '../orders/states.ts';
import { refundRejected } from '../refunds/refunds.ts';
import { requestCancellation } from '../subscriptions/cancellation-store.ts';
import { bookPaid, finish, tell, type Told } from './accept.ts';
import { isAnother, whyNot } from './match.ts';
import type { Payment, Rejection } from './schema.ts';
import { changePayment, insertPayment, lockNamed, lockOfOrder } from './store.ts';

/**
 * The money of an order is there. Whatever tells it, and however often (the session, the intent, the first invoice):
 * the first one pays the order, issues its licences and books it, the others only add their names. Money that the order
 * can't use is rejected, and refunded by itself.
 */
export async function applyPaymentSucceeded(
	tx: Tx,
	fact: PaymentSucceeded,
	source: Told['source'],
): Promise<boolean> {
	const payment = await paymentOf(tx, fact, source);
	if (payment === undefined) return false;
	if (payment.status === 'succeeded' || payment.status === 'rejected') {
		if (saysMore(payment, fact)) await changePayment(tx, payment.id, { names: fact });
		if (payment.status === 'rejected') await endRejected(tx, payment, fact);
		return true;
	}
	const rejection = whyNot(payment, fact);
	if (rejection !== undefined) return reject(tx, payment, { fact, source, rejection });
	return accept(tx, payment, fact, source);
}

async function accept(
	tx: Tx,
	payment: Payment,
	fact: PaymentSucceeded,
	source: Told['source'],
): Promise<boolean> {
	const { orderId, correlationId } = payment;
	const { amount, currency } = fact;
	const cause = { correlationId };
	const paid = await markPaid(
		tx,
		orderId,
		{ paymentId: payment.id, amount, currency, at: source.at },
		cause,
	);
	if (paid.outcome === 'already_paid') {
		return reject(tx, payment, { fact, source, rejection: 'already_paid' });
	}
	if (paid.outcome === 'stock_failed') {
		const rejection = paid.reason === 'cancelled' ? 'order_cancelled' : 'stock_failed';
		return reject(tx, payment, { fact, source, rejection });
	}
	await bookPaid(tx, [{ payment, order: paid.order, fact, source }]);
	return true;
}

// Taken all the same: it is in the books as money that is not ours to keep, until the refund has gone through.
async function reject(
	tx: Tx,
	payment: Payment,
	{ fact, source, rejection }: { fact: PaymentSucceeded; source: Source; rejection: Rejection },
): Promise<boolean> {
	const { amount, currency } = fact;
	const after = await changePayment(tx, payment.id, {
		status: 'rejected',
		rejection,
		captured: amount,
		currency,
		succeededAt: source.at,
		fee: fact.fee,
		names: fact,
	});
	await book(tx, {
		businessKey: `payment:${payment.id}`,
		kind: 'rejected_payment',
		orderId: payment.orderId,
		currency,
		occurredAt: source.at,
		correlationId: payment.correlationId,
		entries: transferEntries(amount, 'unassigned_payments', 'gateway_clearing'),
	});
	await finish(tx, [{ payment: after, fact, source }]);
	await tell(tx, after, 'payment.rejected');
	if (amount > 0) await refundRejected(tx, after);
	await endRejected(tx, payment, fact);
	return true;
}

// With the money that goes back, what it began must end, or the gateway takes the next period's.
async function endRejected(
	tx: Tx,
	{ orderId, gateway }: Payment,
	{ subscriptionRef }: PaymentSucceeded,
): Promise<void> {
	if (subscriptionRef === undefined) return;
	await requestCancellation(tx, orderId, 'payment_rejected', { gateway, subscriptionRef });
}

/** The payment that a fact names. One of our order that we have no row of is taken in: its row was lost with us. */
async function paymentOf(
	tx: Tx,
	fact: PaymentSucceeded,
	{ gateway }: Source,
): Promise<Payment | undefined> {
	const named = await lockNamed(tx, gateway, fact);
	const orderId = named?.orderId ?? fact.orderId;
	if (orderId === undefined) return undefined;
	// The first invoice of a subscription knows its order, but not which page it was paid on.
	const payment = named ?? (await lockOfOrder(tx, gateway, orderId));
	if (payment !== undefined && !isAnother(payment, fact)) return payment;
	const { rows } = await tx.query<{ total: number; currency: string }>(
		'SELECT total, currency FROM orders WHERE id = $1',
		[orderId],
	);
	const [order] = rows;
	if (order === undefined) return undefined;
	return insertPayment(tx, {
		orderId,
		kind: 'order',
		gateway,
		status: 'expired',
		amount: order.total,
		currency: order.currency,
	});
}

function saysMore(payment: Payment, fact: PaymentNames): boolean {
	return (
		(payment.paymentRef === null && fact.paymentRef !== undefined) ||
		(payment.chargeRef === null && fact.chargeRef !== undefined) ||
		(payment.invoiceRef === null && fact.invoiceRef !== undefined) ||
		(payment.sessionRef === null && fact.sessionRef !== undefined)
	);
}

const OPEN = ['creating', 'open', 'pending'];

// What happens on a page of an old price is no news of the order; its money goes back when it comes.
function isOpen({ status, superseded }: Payment): boolean {
	return OPEN.includes(status) && !superseded;
}

/** The buyer is done, the money is on its way: days may pass, through which the order keeps its stock. */
export async function applyPaymentPending(
	tx: Tx,
	fact: PaymentPending,
	{ gateway }: Source,
): Promise<boolean> {
	const payment = await openPayment(tx, gateway, fact);
	if (payment === undefined) return false;
	if (payment.status === 'pending' || !isOpen(payment)) return true;
	await changePayment(tx, payment.id, { status: 'pending', names: fact });
	if (!UNPAID.some((status) => status === payment.order.status)) return true;
	await markPaymentPending(tx, payment.orderId, { correlationId: payment.correlationId });
	return true;
}

/**
 * A declined card leaves the page open for another one; only a final failure ends the payment. Of a slow method, both
 * the intent and the session tell it: the first of them counts, once the payment is known to be under way.
 */
export async function applyPaymentFailed(
	tx: Tx,
	fact: PaymentFailed,
	{ gateway }: Source,
): Promise<boolean> {
	const payment = await openPayment(tx, gateway, fact);
	if (payment === undefined) return false;
	if (!isOpen(payment)) return true;
	const isUnderWay = payment.status === 'pending';
	const isOver = fact.final || (isUnderWay && fact.bySlowMethod === true);
	// A card that was declined before the slow method was chosen; or a slow method of which the session will tell.
	if (!isOver && (isUnderWay || fact.bySlowMethod === true)) return true;
	const failure = { code: fact.code, message: fact.message };
	// No names: the card that is tried next makes a payment of its own.
	const after = await changePayment(tx, payment.id, {
		...(isOver ? { status: 'failed' } : {}),
		failure,
	});
	const { orderId, correlationId } = payment;
	await markPaymentFailed(tx, orderId, { isOver }, { correlationId });
	await tell(tx, after, 'payment.failed');
	return true;
}

export async function applyCheckoutExpired(
	tx: Tx,
	fact: CheckoutExpired,
	{ gateway }: Source,
): Promise<boolean> {
	const payment = await openPayment(tx, gateway, fact);
	if (payment === undefined) return false;
	if (payment.status !== 'creating' && payment.status !== 'open') return true;
	await changePayment(tx, payment.id, { status: 'expired', names: fact });
	return true;
}

async function openPayment(tx: Tx, gateway: string, fact: PaymentNames) {
	const payment = await lockNamed(tx, gateway, fact);
	if (payment === undefined && fact.paymentId !== undefined) {
		throw new NotYet(`Payment ${fact.paymentId} is not known.`);
	}
	return payment;
}
