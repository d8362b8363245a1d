import type { Tx } from '@autopilot/postgres';
import type { Source } from '../gateway-events/apply.ts';
import { NotTogether } from '../gateway-events/errors.ts';
import type { Fact, PaymentSucceeded } from '../gateways/gateway.ts';
import { findOrders, payOrders } from '../orders/orders.ts';
import type { Order } from '../orders/schema.ts';
import { UNPAID } from '../orders/states.ts';
import { bookPaid, type Told } from './accept.ts';
import { differ, isAnother, whyNot } from './match.ts';
import type { Payment } from './schema.ts';
import { lockPayments } from './store.ts';

const OPEN: readonly Payment['status'][] = ['creating', 'open', 'pending'];

/**
 * The ordinary case, for many orders in a handful of statements: each is told by the id of its payment, which is open,
 * and waits for just this money. All else is left alone, for `applyPaymentSucceeded`.
 * @returns the facts that are done with
 * @throws {NotTogether} when one came so late that its stock must be taken anew
 */
export async function payOrdinary(tx: Tx, told: readonly Told[]): Promise<ReadonlySet<Fact>> {
	const groups = byPayment(told);
	if (groups.size === 0) return new Set();
	const payments = await lockPayments(tx, [...groups.keys()]);
	const orders = await findOrders(
		tx,
		payments.map(({ orderId }) => orderId),
	);
	// Its stock is locked at once, that of the others at COMMIT: each in the order of SKUs, but not all of them together.
	if ([...orders.values()].some(({ status }) => status === 'expired')) {
		throw new NotTogether('An order has expired before it was paid.');
	}
	const ordinary = payments.flatMap((payment) => {
		const group = groups.get(payment.id) ?? [];
		const order = orders.get(payment.orderId);
		const [first] = group;
		if (order === undefined || first === undefined) return [];
		const fact = togetherOf(group, first);
		if (fact === undefined || !isOrdinary(payment, order, fact, first.source)) return [];
		return [{ payment, order, fact, source: first.source, group }];
	});
	const single = ordinary.filter(
		({ order }, index) => ordinary.findIndex((other) => other.order.id === order.id) === index,
	);
	if (single.length === 0) return new Set();
	const paid = await payOrders(
		tx,
		single.map(({ payment, order, fact: { amount, currency }, source }) => {
			const { id: paymentId, correlationId } = payment;
			return { order, paymentId, amount, currency, at: source.at, correlationId };
		}),
	);
	await bookPaid(
		tx,
		single.map((one, index) => ({ ...one, order: paid[index] ?? one.order })),
	);
	return new Set(single.flatMap(({ group }) => group.map(({ fact }) => fact)));
}

function byPayment(told: readonly Told[]): Map<string, Told[]> {
	const groups = new Map<string, Told[]>();
	for (const one of told) {
		const { paymentId } = one.fact;
		if (paymentId !== undefined) groups.set(paymentId, [...(groups.get(paymentId) ?? []), one]);
	}
	return groups;
}

// The session and the intent tell of one payment, each with names that the other does not know.
function togetherOf(group: readonly Told[], first: Told): PaymentSucceeded | undefined {
	let together = first.fact;
	for (const { fact, source } of group.slice(1)) {
		const same = fact.amount === together.amount && fact.currency === together.currency;
		if (!same || source.gateway !== first.source.gateway) return undefined;
		if (NAMES.some((name) => differ(together[name] ?? null, fact[name]))) return undefined;
		together = { ...fact, ...known(together) };
	}
	return together;
}

const NAMES = [
	'orderId',
	'sessionRef',
	'paymentRef',
	'chargeRef',
	'invoiceRef',
	'customerRef',
	'subscriptionRef',
] as const;

function known(fact: PaymentSucceeded): PaymentSucceeded {
	const entries = Object.entries(fact).filter(([, value]) => value !== undefined);
	return Object.fromEntries(entries) as unknown as PaymentSucceeded;
}

function isOrdinary(...[payment, order, fact, source]: [Payment, Order, PaymentSucceeded, Source]) {
	return (
		payment.gateway === source.gateway &&
		OPEN.includes(payment.status) &&
		UNPAID.includes(order.status) &&
		whyNot(payment, fact) === undefined &&
		!isAnother(payment, fact)
	);
}
