import { emitAll } from '@autopilot/events';
import type { Tx } from '@autopilot/postgres';
import type { EventType } from '../event-types.ts';
import type { Source } from '../gateway-events/apply.ts';
import type { PaymentSucceeded } from '../gateways/gateway.ts';
import { paymentEntries, transferEntries } from '../ledger/entries.ts';
import { bookAll } from '../ledger/ledger.ts';
import { partsOf } from '../ledger/parts.ts';
import type { IssueForOrder } from '../licenses/issue.ts';
import type { Order } from '../orders/schema.ts';
import type { Payment } from './schema.ts';
import { changePayments, rememberCustomers } from './store.ts';

/** That a payment has come, and where it was told. */
export interface Told {
	fact: PaymentSucceeded;
	source: Source & { issueForOrder: IssueForOrder };
}

interface Paid extends Told {
	payment: Payment;
	/** As it is now that it is paid. */
	order: Order;
}

/** Orders are paid: their licences are issued, the money is booked, `payment.succeeded` told. */
export async function bookPaid(tx: Tx, paid: readonly Paid[]): Promise<void> {
	for (const { order, payment, source } of paid) {
		await source.issueForOrder(tx, order, { correlationId: payment.correlationId });
	}
	const after = await changePayments(
		tx,
		paid.map(({ payment: { id }, fact, source }) => {
			const { amount: captured, fee } = fact;
			return { id, status: 'succeeded', captured, succeededAt: source.at, fee, names: fact };
		}),
	);
	await bookAll(
		tx,
		paid.map(({ payment, order, fact, source }) => ({
			businessKey: `payment:${payment.id}`,
			kind: 'payment',
			orderId: order.id,
			currency: fact.currency,
			occurredAt: source.at,
			correlationId: payment.correlationId,
			entries: paymentEntries(fact.amount, partsOf(order)),
		})),
	);
	await finish(tx, paid);
	await tellAll(tx, after, 'payment.succeeded');
}

/** What payments say besides their money: what the gateway keeps of it, and its name of the customer. */
export async function finish(
	tx: Tx,
	paid: readonly { payment: Payment; fact: PaymentSucceeded; source: Source }[],
): Promise<void> {
	await bookFees(
		tx,
		paid.flatMap(({ payment, fact: { fee }, source: { at } }) =>
			fee === undefined ? [] : [{ payment, fee, at }],
		),
	);
	await rememberCustomers(
		tx,
		paid.flatMap(({ payment: { orderId }, fact: { customerRef }, source: { gateway } }) =>
			customerRef === undefined ? [] : [{ gateway, customerRef, orderId }],
		),
	);
}

/** What the gateway has kept of payments. */
export async function bookFees(
	tx: Tx,
	kept: readonly { payment: Payment; fee: number; at: Date }[],
): Promise<void> {
	await bookAll(
		tx,
		kept.map(({ payment, fee, at }) => ({
			businessKey: `fee:${payment.id}`,
			kind: 'fee',
			orderId: payment.orderId,
			currency: payment.currency,
			occurredAt: at,
			correlationId: payment.correlationId,
			entries: transferEntries(fee, 'gateway_clearing', 'fees'),
		})),
	);
}

/** Tells what has become of a payment; the data is the payment with its order's summary. */
export async function tell(tx: Tx, payment: Payment, type: EventType): Promise<void> {
	await tellAll(tx, [payment], type);
}

async function tellAll(tx: Tx, payments: readonly Payment[], type: EventType): Promise<void> {
	await emitAll(
		tx,
		payments.map((payment) => ({
			type,
			aggregate: { type: 'payment', id: payment.id },
			data: payment,
			correlationId: payment.correlationId,
		})),
	);
}
