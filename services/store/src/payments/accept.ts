import { emitAll } from '@autopilot/events';
import type { Tx } from '@autopilot/postgres';
import type { EventType } from '../event-types.ts';
import type { Source } from '../gateway-events/apply.ts';
import type { PaymentSucceeded } from '../gateways/gateway.ts';
import { paymentEntries, transferEntries } from '../ledger/entries.ts';
import { book, bookAll } from '../ledger/ledger.ts';
import { partsOf } from '../ledger/parts.ts';
import type { IssueForOrder } from '../licenses/issue.ts';
import type { Order } from '../orders/schema.ts';
import type { Payment } from './schema.ts';
import { changePayments, rememberCustomer } from './store.ts';

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
	for (const [index, { fact, source }] of paid.entries()) {
		const payment = after[index];
		if (payment !== undefined) await finish(tx, payment, fact, source);
	}
	await tellAll(tx, after, 'payment.succeeded');
}

/** What a payment says besides its money: what the gateway keeps of it, and its name of the customer. */
export async function finish(
	tx: Tx,
	payment: Payment,
	fact: PaymentSucceeded,
	{ gateway, at }: Source,
): Promise<void> {
	if (fact.fee !== undefined) await bookFee(tx, payment, { fee: fact.fee, at });
	if (fact.customerRef !== undefined) {
		const { customerRef } = fact;
		await rememberCustomer(tx, gateway, { customerRef, orderId: payment.orderId });
	}
}

/** What the gateway has kept of a payment. */
export async function bookFee(
	tx: Tx,
	payment: Payment,
	{ fee, at }: { fee: number; at: Date },
): Promise<void> {
	await book(tx, {
		businessKey: `fee:${payment.id}`,
		kind: 'fee',
		orderId: payment.orderId,
		currency: payment.currency,
		occurredAt: at,
		correlationId: payment.correlationId,
		entries: transferEntries(fee, 'gateway_clearing', 'fees'),
	});
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
