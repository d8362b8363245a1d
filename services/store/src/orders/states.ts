import { conflict, type Problem } from '@autopilot/http';
import type { OrderStatus } from './schema.ts';

/**
 * The life of an order. `paymentStatus` goes beside it: an order that was refunded in part can still be shipped, so
 * `partially_refunded` is a status only of one that has nothing left to fulfil.
 *
 * created -> pending_payment -> paid -> fulfilling -> shipped -> delivered
 *
 * - created, pending_payment: hold stock until they expire; a failed payment leads back to created.
 * - expired: gave its stock back. Money that comes later takes stock anew, or ends in stock_failed.
 * - stock_failed: paid, but sold out meanwhile; the payment is refunded by itself.
 * - digital orders go from fulfilling to delivered (`complete`).
 */
export const MOVES: Record<OrderStatus, readonly OrderStatus[]> = {
	created: ['pending_payment', 'paid', 'cancelled', 'expired'],
	pending_payment: ['created', 'paid', 'cancelled', 'expired'],
	expired: ['paid', 'stock_failed'],
	paid: ['fulfilling', 'cancelled', 'refunded'],
	fulfilling: ['shipped', 'delivered', 'cancelled', 'refunded'],
	shipped: ['delivered', 'refunded'],
	delivered: ['refunded', 'partially_refunded'],
	partially_refunded: ['refunded'],
	stock_failed: ['refunded'],
	cancelled: [],
	refunded: [],
};

/** States in which an order holds stock and waits for its money. */
export const UNPAID: readonly OrderStatus[] = ['created', 'pending_payment'];

const ADVICE: Record<OrderStatus, string> = {
	created: 'It waits for payment: send the buyer to its checkoutUrl.',
	pending_payment: 'A payment is under way: wait for order.paid or order.payment_failed.',
	expired: 'Its stock was given back: make a new order.',
	paid: 'Start with POST /orders/{id}/fulfil.',
	fulfilling: 'Add a shipment, or complete it when all of it is digital.',
	shipped: 'It is on its way: tell the shipment what the carrier says.',
	delivered: 'Nothing is left to fulfil; money goes back with POST /refunds.',
	partially_refunded: 'Nothing is left to fulfil.',
	stock_failed: 'It was sold out when the money came, which is refunded by itself.',
	cancelled: 'It is over: make a new order.',
	refunded: 'It is over: make a new order.',
};

export function canMove(from: OrderStatus, to: OrderStatus): boolean {
	return MOVES[from].includes(to);
}

/** 409 for what the order's state does not allow, with what can be done instead. */
export function orderState(order: { number: string; status: OrderStatus }, wish: string): Problem {
	return conflict(
		'order_state',
		`Order ${order.number} is ${order.status} and can't ${wish}. ${ADVICE[order.status]}`,
	);
}
