import type { Tx } from '@autopilot/postgres';
import type { Source } from '../gateway-events/apply.ts';
import type { InvoiceChanged } from '../gateways/gateway.ts';
import { paymentEntries } from '../ledger/entries.ts';
import { book } from '../ledger/ledger.ts';
import { partsOfOrder } from '../ledger/store.ts';
import { followRenewal } from '../licenses/follow.ts';
import { follow, tell as tellSubscription } from '../subscriptions/effects.ts';
import type { Subscription } from '../subscriptions/schema.ts';
import { extendPeriod, planLines } from '../subscriptions/store.ts';
import { tell } from './accept.ts';
import type { Payment } from './schema.ts';
import { changePayment, insertPayment, lockNamed, rememberCustomers } from './store.ts';

/** A further period is paid: a payment of its own, in the books as the plan's lines; the licence runs on. */
export async function applyRenewalPaid(
	tx: Tx,
	subscription: Subscription,
	fact: InvoiceChanged,
	{ gateway, at, eventId }: Source,
): Promise<void> {
	const { invoiceRef, paymentRef, customerRef, paid, currency } = fact;
	// A period that costs nothing (the end of a trial, a credit) is no payment.
	if (paid > 0) {
		const payment = await paymentOf(tx, subscription, fact);
		if (payment.status === 'succeeded') return;
		const { orderId } = subscription;
		const after = await changePayment(tx, payment.id, {
			status: 'succeeded',
			captured: paid,
			succeededAt: at,
			names: { orderId, invoiceRef, paymentRef, customerRef },
		});
		const lines = await planLines(tx, orderId);
		await book(tx, {
			businessKey: `payment:${payment.id}`,
			kind: 'payment',
			orderId,
			currency,
			occurredAt: at,
			correlationId: payment.correlationId,
			entries: paymentEntries(
				paid,
				await partsOfOrder(
					tx,
					orderId,
					lines.map(({ id }) => id),
				),
			),
		});
		if (customerRef !== undefined) await rememberCustomers(tx, [{ gateway, customerRef, orderId }]);
		await tell(tx, after, 'payment.succeeded');
	}
	const { subscription: renewed } = await extendPeriod(tx, subscription.id, {
		start: fact.periodStart,
		end: fact.periodEnd,
	});
	await tellSubscription(tx, renewed, 'subscription.renewed');
	await tellPaid(tx, renewed, fact, { at, eventId });
	// One that was owing is told active by its own event, of the same second: that must not find this one before it.
	if (renewed.status === 'active') await follow(tx, renewed, { at, id: eventId });
}

// Should the period before have been given back: this one is paid, and its licence counts again.
async function tellPaid(
	tx: Tx,
	{ orderId, correlationId }: Subscription,
	{ periodEnd }: InvoiceChanged,
	{ at: sourceAt, eventId: sourceId }: Pick<Source, 'at' | 'eventId'>,
): Promise<void> {
	if (periodEnd === undefined) return;
	for (const { id: orderLineId } of await planLines(tx, orderId)) {
		const fact = { orderLineId, state: 'paid' as const, periodEnd, sourceAt, sourceId };
		await followRenewal(tx, fact, { correlationId });
	}
}

/** A further period could not be paid; the subscription's own event says what becomes of it. */
export async function applyRenewalFailed(
	tx: Tx,
	subscription: Subscription,
	fact: InvoiceChanged,
): Promise<void> {
	const payment = await paymentOf(tx, subscription, fact);
	if (payment.status === 'succeeded') return;
	const failed = await changePayment(tx, payment.id, {
		status: 'failed',
		failure: { code: 'renewal_failed', message: 'The renewal could not be paid.' },
	});
	await tell(tx, failed, 'payment.failed');
}

async function paymentOf(
	tx: Tx,
	{ id: subscriptionId, orderId, gateway }: Subscription,
	{ invoiceRef, amount, currency }: InvoiceChanged,
): Promise<Payment> {
	const known = await lockNamed(tx, gateway, { orderId, invoiceRef });
	if (known !== undefined) return known;
	const payment = await insertPayment(tx, {
		orderId,
		subscriptionId,
		kind: 'renewal',
		gateway,
		status: 'open',
		amount,
		currency,
	});
	if (payment === undefined) throw new Error(`Order ${orderId} is gone.`);
	return changePayment(tx, payment.id, { names: { orderId, invoiceRef } });
}
