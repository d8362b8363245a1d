import type { Tx } from '@autopilot/postgres';
import type { Source } from '../gateway-events/apply.ts';
import { NotYet } from '../gateway-events/errors.ts';
import type { InvoiceChanged, InvoiceLinked } from '../gateways/gateway.ts';
import type { IssueForOrder } from '../licenses/issue.ts';
import { applyPaymentSucceeded } from '../payments/effects.ts';
import { applyRenewalFailed, applyRenewalPaid } from '../payments/renewals.ts';
import { changePayment, lockNamed } from '../payments/store.ts';
import { lockSubscription } from '../subscriptions/store.ts';
import { saveInvoice } from './store.ts';

/**
 * An invoice of a subscription. The first one is paid with the order, and is one more witness of its payment; each
 * later one is a payment of its own.
 */
export async function applyInvoiceChange(
	tx: Tx,
	fact: InvoiceChanged,
	source: Source & { issueForOrder: IssueForOrder },
): Promise<boolean> {
	const { subscriptionRef, cycle } = fact;
	const known =
		subscriptionRef === undefined
			? undefined
			: await lockSubscription(tx, source.gateway, subscriptionRef);
	const orderId = known?.subscription.orderId ?? fact.orderId;
	if (orderId === undefined) {
		if (subscriptionRef === undefined) return false;
		throw new NotYet(`Subscription ${subscriptionRef} is not known.`);
	}
	if (cycle !== 'first' && subscriptionRef !== undefined && known === undefined) {
		throw new NotYet(`Subscription ${subscriptionRef} is not known.`);
	}
	const subscription = known?.subscription;
	await saveInvoice(tx, fact, {
		gateway: source.gateway,
		orderId,
		subscriptionId: subscription?.id ?? null,
		at: source.at,
	});
	if (cycle === 'first') {
		if (fact.status !== 'paid') return true;
		const { invoiceRef, paymentRef, customerRef, paymentId, paid: amount, currency } = fact;
		const names = { orderId, invoiceRef, paymentRef, customerRef, paymentId, subscriptionRef };
		return applyPaymentSucceeded(
			tx,
			{ kind: 'payment_succeeded', ...names, amount, currency },
			source,
		);
	}
	if (subscription === undefined) return true;
	if (fact.paymentFailed) await applyRenewalFailed(tx, subscription, fact);
	else if (fact.status === 'paid') await applyRenewalPaid(tx, subscription, fact, source);
	return true;
}

/** Which payment an invoice was paid by, so that a refund or a dispute of that payment is found. */
export async function applyInvoiceLink(
	tx: Tx,
	fact: InvoiceLinked,
	{ gateway }: Source,
): Promise<boolean> {
	const { invoiceRef, paymentRef } = fact;
	const payment = await lockNamed(tx, gateway, { orderId: undefined, invoiceRef });
	if (payment === undefined) throw new NotYet(`Invoice ${invoiceRef} has no payment yet.`);
	if (payment.paymentRef === null) {
		await changePayment(tx, payment.id, { names: { orderId: undefined, paymentRef } });
	}
	return true;
}
