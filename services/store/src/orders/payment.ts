import { emit, emitAll } from '@autopilot/events';
import { notFound } from '@autopilot/http';
import type { Tx } from '@autopilot/postgres';
import { redeemAgain, returnCoupon } from '../coupons/redemptions.ts';
import type { EventType } from '../event-types.ts';
import { wakeWaiting } from '../order-waits/waits.ts';
import type { Cause } from '../products/products.ts';
import { releaseStock, reserveAgain } from '../reservations/store.ts';
import { type HeldOrder, payHeld } from './paid-store.ts';
import type { Order, OrderStatus, PaymentStatus } from './schema.ts';
import { canMove, orderState, UNPAID } from './states.ts';
import { type Change, changeOrder, findOrder, lockOrderRow } from './store.ts';

export interface PaidPayment {
	/** Ours; the same one may come again. */
	paymentId: string;
	/** What was captured, minor units of `currency`; 0 for a free order or a trial. */
	amount: number;
	currency: string;
	/** When the gateway says it was paid. */
	at: Date | string;
}

/**
 * - `paid`: the order is paid now, its stock is its own. Issue licences, in the same transaction.
 * - `already_paid`: it was before, by `paymentId`. When that is another payment, this one is to be refunded.
 * - `stock_failed`: the money came too late, `reason` says for what; refund all of it.
 */
export type MarkPaidResult =
	| { outcome: 'paid'; order: Order }
	| { outcome: 'already_paid'; order: Order; paymentId: string | null }
	| { outcome: 'stock_failed'; order: Order; reason: 'sold_out' | 'cancelled' };

/**
 * Money has come for an order: the reservation is taken, the customer joined by e-mail (made if missing),
 * `order.paid` told. After expiry stock is reserved anew; when there is none left, `order.stock_failed` is told.
 * Three statements in the ordinary case. Safe to repeat.
 */
export async function markPaid(
	tx: Tx,
	orderId: string,
	payment: PaidPayment,
	cause: Cause,
): Promise<MarkPaidResult> {
	const { order, paymentId } = await lockOrder(tx, orderId);
	switch (order.status) {
		case 'created':
		case 'pending_payment':
			return pay(tx, order, payment, cause);
		case 'expired':
			if (await reserveAgain(tx, orderId)) {
				await redeemAgain(tx, orderId);
				return pay(tx, order, payment, cause);
			}
			return tooLate(tx, { order, payment, reason: 'sold_out' }, cause);
		case 'cancelled':
			if (paymentId !== null && paymentId !== payment.paymentId) {
				return { outcome: 'already_paid', order, paymentId };
			}
			if (paymentId !== null) return { outcome: 'stock_failed', order, reason: 'cancelled' };
			return tooLate(tx, { order, payment, reason: 'cancelled' }, cause);
		case 'stock_failed':
			if (paymentId !== payment.paymentId) return { outcome: 'already_paid', order, paymentId };
			return { outcome: 'stock_failed', order, reason: 'sold_out' };
		default:
			return { outcome: 'already_paid', order, paymentId };
	}
}

/**
 * The ordinary case, for many orders at once: takes their reservations, joins their customers, tells `order.paid`.
 * @param held  orders that are locked and wait for their money, each once
 * @returns the orders as they are now
 */
export async function payOrders(tx: Tx, held: readonly HeldOrder[]): Promise<Order[]> {
	const { orders, customers } = await payHeld(tx, held);
	const tellNew = new Map(customers);
	await emitAll(
		tx,
		orders.flatMap((order, index) => {
			const cause = { correlationId: held[index]?.correlationId ?? order.correlationId };
			const customer = tellNew.get(order.customerId ?? '');
			tellNew.delete(customer?.id ?? '');
			const paid = { type: 'order.paid', aggregate: { type: 'order', id: order.id }, data: order };
			if (customer === undefined) return [{ ...paid, ...cause }];
			const aggregate = { type: 'customer', id: customer.id };
			const joined = { type: 'customer.created', aggregate, data: customer };
			return [
				{ ...paid, ...cause },
				{ ...joined, ...cause },
			];
		}),
	);
	return orders;
}

async function pay(
	tx: Tx,
	order: Order,
	payment: PaidPayment,
	{ correlationId }: Cause,
): Promise<MarkPaidResult> {
	const [paid = order] = await payOrders(tx, [{ order, ...payment, correlationId }]);
	return { outcome: 'paid', order: paid };
}

/** The order can't be fulfilled any more, but it has been paid: say so, for the refund that must follow. */
async function tooLate(
	tx: Tx,
	late: { order: Order; payment: PaidPayment; reason: 'sold_out' | 'cancelled' },
	cause: Cause,
): Promise<MarkPaidResult> {
	const { order, payment, reason } = late;
	const change = {
		paymentStatus: 'paid',
		captured: payment.amount,
		paymentId: payment.paymentId,
	} as const;
	if (reason === 'cancelled') {
		const kind = 'paid_after_cancel';
		await changeOrder(tx, order.id, { kind, ...change, ...cause });
		return { outcome: 'stock_failed', order: await reread(tx, order.id), reason };
	}
	const status = 'stock_failed';
	const after = await move(tx, order, { kind: status, status, ...change }, cause);
	await tell(tx, after, 'order.stock_failed', cause);
	return { outcome: 'stock_failed', order: after, reason };
}

const DAY_MS = 86_400_000;

/** The longest that a bank takes for a debit: 14 banking days, with weekends and a holiday between them. */
const SLOWEST_MS = 21 * DAY_MS;

/** Who hears days later that the bank did not pay is not before the screen any more. */
const PAY_AGAIN_MS = DAY_MS;

/**
 * The buyer has paid by a slow method: -> pending_payment. The order waits for its money as long as a bank may take, and
 * its stock with it.
 * @throws {Problem} 409 when it can't be paid any more
 */
export async function markPaymentPending(tx: Tx, orderId: string, cause: Cause): Promise<Order> {
	const { order } = await lockOrder(tx, orderId);
	if (!UNPAID.includes(order.status)) throw orderState(order, 'be paid');
	const latest = Math.max(Date.parse(order.expiresAt), Date.now() + SLOWEST_MS);
	const change = {
		kind: 'payment_under_way',
		status: 'pending_payment',
		paymentStatus: 'pending',
		expiresAt: new Date(latest),
	} as const;
	return move(tx, order, change, cause);
}

/**
 * The payment failed: pending_payment -> created, so that the buyer can try again. Told as `order.payment_failed`.
 * @param failure.isOver  its page is closed, the buyer needs another one: there is a day for it, and no longer
 */
export async function markPaymentFailed(
	tx: Tx,
	orderId: string,
	{ isOver }: { isOver: boolean },
	cause: Cause,
): Promise<Order> {
	const { order } = await lockOrder(tx, orderId);
	// A failure that is told after the success, or after the order's end, changes nothing.
	if (!UNPAID.includes(order.status)) return order;
	const change = {
		...({ kind: 'payment_failed', status: 'created', paymentStatus: 'unpaid' } as const),
		...(isOver ? { expiresAt: new Date(Date.now() + PAY_AGAIN_MS) } : {}),
	};
	const after = await move(tx, order, change, cause);
	return tell(tx, after, 'order.payment_failed', cause);
}

/** Its time is over: stock and coupon go back. What is not waiting for money any more stays as it is. */
export async function markExpired(tx: Tx, orderId: string, cause: Cause): Promise<Order> {
	const { order } = await lockOrder(tx, orderId);
	if (!UNPAID.includes(order.status)) return order;
	await releaseStock(tx, orderId);
	const change = { kind: 'expired', status: 'expired', paymentStatus: 'unpaid' } as const;
	const after = await move(tx, order, change, cause);
	await returnCoupon(tx, orderId);
	return tell(tx, after, 'order.expired', cause);
}

/**
 * Money went back. The order is `refunded` when all of it did, else `partially_refunded` if nothing is left to fulfil.
 * What had not left the house goes back into the stock with the whole refund.
 * @param refund.amount  minor units; negative when a refund failed after it had succeeded
 */
export async function recordRefund(
	tx: Tx,
	orderId: string,
	refund: { amount: number; refundId?: string; reason?: string | undefined },
	cause: Cause,
): Promise<Order> {
	const { order } = await lockOrder(tx, orderId);
	const refunded = order.refunded + refund.amount;
	const whole = refunded >= order.captured;
	const wish: OrderStatus = whole ? 'refunded' : 'partially_refunded';
	if (whole && order.shipments.length === 0 && order.status !== 'delivered') {
		await releaseStock(tx, orderId);
	}
	const paymentStatus = refunded === 0 ? 'paid' : wish;
	const after = await move(
		tx,
		order,
		{
			kind: 'refunded',
			refunded,
			paymentStatus,
			...(canMove(order.status, wish) && refund.amount > 0 ? { status: wish } : {}),
			detail: { ...refund },
		},
		cause,
	);
	if (refund.amount <= 0) return after;
	return tell(tx, after, whole ? 'order.refunded' : 'order.partially_refunded', cause);
}

/** The bank asks the money back (`opened`), or has decided. The dispute's own events are told by payments. */
export async function recordDispute(
	tx: Tx,
	orderId: string,
	turn: 'opened' | 'won' | 'lost',
	cause: Cause,
): Promise<Order> {
	const { order } = await lockOrder(tx, orderId);
	const paymentStatus = turn === 'won' ? moneyOf(order) : 'disputed';
	return move(tx, order, { kind: `dispute_${turn}`, paymentStatus }, cause);
}

function moneyOf({ refunded, captured }: Order): PaymentStatus {
	if (refunded === 0) return 'paid';
	return refunded < captured ? 'partially_refunded' : 'refunded';
}

/** An order to be changed in this transaction. @throws {Problem} 404 */
export async function lockOrder(
	tx: Tx,
	id: string,
): Promise<{ order: Order; paymentId: string | null }> {
	const locked = await lockOrderRow(tx, id);
	if (locked === undefined) throw notFound('order', id);
	return locked;
}

/** Changes a locked order and gives it as it is now. */
export async function move(tx: Tx, order: Order, change: Change, cause: Cause): Promise<Order> {
	const { status } = change;
	if (status !== undefined && status !== order.status && !canMove(order.status, status)) {
		throw orderState(order, `become ${status}`);
	}
	await changeOrder(tx, order.id, { ...change, ...cause });
	return reread(tx, order.id);
}

export async function tell(tx: Tx, order: Order, type: EventType, cause: Cause): Promise<Order> {
	await emit(tx, { type, aggregate: { type: 'order', id: order.id }, data: order, ...cause });
	await wakeWaiting(tx, order);
	return order;
}

async function reread(tx: Tx, id: string): Promise<Order> {
	const order = await findOrder(tx, id);
	if (order === undefined) throw notFound('order', id);
	return order;
}
