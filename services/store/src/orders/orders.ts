import { notFound } from '@autopilot/http';
import type { Queryable, Tx } from '@autopilot/postgres';
import type { Cause } from '../products/products.ts';
import { attendWaits } from '../order-waits/store.ts';
import { returnCoupon } from '../coupons/redemptions.ts';
import { releaseStock } from '../reservations/store.ts';
import { requestCancellation } from '../subscriptions/cancellation-store.ts';
import { lockOrder, move, tell } from './payment.ts';
import type { Order } from './schema.ts';
import { orderState, UNPAID } from './states.ts';
import { findOrder } from './store.ts';

export { createOrder } from './create.ts';
export { findOrders } from './store.ts';
export {
	lockOrder,
	markExpired,
	markPaid,
	type MarkPaidResult,
	markPaymentFailed,
	markPaymentPending,
	type PaidPayment,
	payOrders,
	recordDispute,
	recordRefund,
} from './payment.ts';

export async function getOrder(db: Queryable, idOrNumber: string): Promise<Order> {
	const order = await findOrder(db, idOrNumber);
	if (order === undefined) throw notFound('order', idOrNumber);
	return order;
}

/** The work begins: paid -> fulfilling. One that is there already, or further, stays as it is. */
export async function fulfilOrder(tx: Tx, id: string, cause: Cause): Promise<Order> {
	const { order } = await lockOrder(tx, id);
	if (['fulfilling', 'shipped', 'delivered'].includes(order.status)) return order;
	if (order.status !== 'paid') throw orderState(order, 'be fulfilled');
	const after = await move(tx, order, { kind: 'fulfilling', status: 'fulfilling' }, cause);
	return tell(tx, after, 'order.fulfilling', cause);
}

/**
 * Everything digital has been handed over: fulfilling -> delivered. Of an order that is delivered already it says that
 * nothing is left to be done, so that nobody is sought any more to do what its waits were for.
 */
export async function completeOrder(tx: Tx, id: string, cause: Cause): Promise<Order> {
	const { order } = await lockOrder(tx, id);
	if (order.status === 'delivered') {
		await attendWaits(tx, id);
		return order;
	}
	const physical = order.lines.some(({ delivery }) => delivery === 'physical');
	if (order.status !== 'fulfilling' || physical) throw orderState(order, 'be completed');
	const after = await move(tx, order, { kind: 'delivered', status: 'delivered' }, cause);
	return tell(tx, after, 'order.delivered', cause);
}

/**
 * Calls an order off. Before it is paid that is free; afterwards only with a refund, and only while nothing has left
 * the house. Stock and coupon go back, subscriptions end.
 */
export async function cancelOrder(
	tx: Tx,
	id: string,
	wish: { reason?: string | undefined; refund: boolean },
	cause: Cause,
): Promise<{ order: Order; refundDue: number }> {
	const { order } = await lockOrder(tx, id);
	if (order.status === 'cancelled') return { order, refundDue: 0 };
	const unpaid = UNPAID.includes(order.status);
	const refundDue = order.captured - order.refunded;
	if (!unpaid && (!['paid', 'fulfilling'].includes(order.status) || order.shipments.length > 0)) {
		throw orderState(order, 'be cancelled');
	}
	if (refundDue > 0 && !wish.refund) {
		throw orderState(order, 'be cancelled without giving the money back (send "refund": true)');
	}
	await releaseStock(tx, id);
	const after = await move(
		tx,
		order,
		{
			kind: 'cancelled',
			status: 'cancelled',
			...(unpaid ? { paymentStatus: 'unpaid' as const } : {}),
			detail: wish.reason === undefined ? {} : { reason: wish.reason },
		},
		cause,
	);
	await returnCoupon(tx, id);
	// Also one that somebody is about to begin on a pay page that is still open.
	await requestCancellation(tx, id, 'order_cancelled');
	return { order: await tell(tx, after, 'order.cancelled', cause), refundDue };
}
