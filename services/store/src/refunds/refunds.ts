import { emit } from '@autopilot/events';
import { conflict, notFound, unprocessable } from '@autopilot/http';
import type { Tx } from '@autopilot/postgres';
import type { EventType } from '../event-types.ts';
import { allocate } from '../money/allocate.ts';
import { getOrder } from '../orders/orders.ts';
import type { Payment } from '../payments/schema.ts';
import { lockPayment, moveAmounts } from '../payments/store.ts';
import type { Cause } from '../products/products.ts';
import type { CreateRefund, Refund, RefundLine } from './schema.ts';
import { insertRefund, paymentOfOrder, refundedQuantities } from './store.ts';

/**
 * Sets money aside to be given back; the worker asks the gateway for it as soon as this has committed, and asks again
 * until there is an answer. What is on its way counts as gone: together, refunds never exceed what was captured.
 * @throws {Problem} 404, 409 `nothing_to_refund`, `refund_exceeds_payment`
 */
export async function requestRefund(tx: Tx, wish: CreateRefund, cause: Cause): Promise<Refund> {
	const payment = await refundable(tx, wish);
	const left = payment.captured - payment.refunded - payment.refundPending;
	if (left <= 0) {
		throw conflict(
			'nothing_to_refund',
			'All of this payment has been given back, or is on its way.',
		);
	}
	const lines = wish.lines ?? [];
	const amount =
		wish.lines === undefined ? (wish.amount ?? left) : await amountOf(tx, payment, lines);
	if (amount > left) {
		throw conflict(
			'refund_exceeds_payment',
			`${left} ${payment.currency} (minor units) of this payment are left; ${amount} can't be refunded.`,
		);
	}
	return start(tx, payment, {
		amount,
		lines,
		origin: 'request',
		reason: wish.reason ?? null,
		businessKey: null,
		...cause,
	});
}

/**
 * Gives an order's money back, all that is left of it. For the cancellation of a paid order.
 * @returns undefined when all of it is on its way already
 */
export async function refundOrder(
	tx: Tx,
	orderId: string,
	{ reason }: { reason?: string | undefined },
	cause: Cause,
): Promise<Refund | undefined> {
	const { captured, refunded, refundPending } = await refundable(tx, { orderId });
	if (captured > 0 && captured <= refunded + refundPending) return undefined;
	return requestRefund(tx, { orderId, reason: reason ?? 'order cancelled' }, cause);
}

/** Gives back, once, what an order could not use. */
export async function refundRejected(tx: Tx, payment: Payment): Promise<void> {
	await start(tx, payment, {
		amount: payment.captured,
		lines: [],
		origin: 'automatic',
		reason: payment.rejection,
		businessKey: `rejected:${payment.id}`,
		correlationId: payment.correlationId,
	});
}

async function start(
	tx: Tx,
	payment: Payment,
	refund: {
		amount: number;
		lines: RefundLine[];
		origin: Refund['origin'];
		reason: string | null;
		businessKey: string | null;
		correlationId: string;
	},
): Promise<Refund> {
	await moveAmounts(tx, payment.id, { refundPending: refund.amount });
	const created = await insertRefund(tx, {
		...refund,
		paymentId: payment.id,
		status: 'requested',
		refundRef: null,
	});
	if (created === undefined) throw conflict('refund_exists', 'This has been refunded before.');
	await tell(tx, created, 'refund.created');
	return created;
}

async function refundable(tx: Tx, { orderId, paymentId }: CreateRefund): Promise<Payment> {
	const id = paymentId ?? (await paymentOfOrder(tx, orderId ?? ''));
	if (id === undefined) {
		const order = await getOrder(tx, orderId ?? '');
		throw conflict('nothing_to_refund', `Order ${order.number} has not been paid.`);
	}
	const payment = await lockPayment(tx, id);
	if (payment === undefined) throw notFound('payment', id);
	return payment;
}

// Units of one line cost the same but for a remainder, which the first ones bear.
async function amountOf(tx: Tx, payment: Payment, wanted: RefundLine[]): Promise<number> {
	const { lines } = await getOrder(tx, payment.orderId);
	const gone = await refundedQuantities(tx, payment.orderId);
	return wanted.reduce((sum, { lineId, quantity }) => {
		const line = lines.find(({ id }) => id === lineId);
		const before = gone.get(lineId) ?? 0;
		if (line === undefined || before + quantity > line.quantity) {
			throw unprocessable(
				'line_not_refundable',
				line === undefined
					? `The order has no line ${lineId}.`
					: `${line.quantity - before} of ${line.sku} are left to refund.`,
				[{ pointer: '/lines', detail: `names too many of ${lineId}` }],
			);
		}
		gone.set(lineId, before + quantity);
		const units = allocate(line.totalAmount, Array<number>(line.quantity).fill(1));
		return sum + units.slice(before, before + quantity).reduce((all, unit) => all + unit, 0);
	}, 0);
}

/** Tells what has become of a refund; the data is the refund with its order's summary. */
export async function tell(tx: Tx, refund: Refund, type: EventType): Promise<void> {
	await emit(tx, {
		type,
		aggregate: { type: 'refund', id: refund.id },
		data: refund,
		correlationId: refund.correlationId,
	});
}
