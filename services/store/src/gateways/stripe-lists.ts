import type Stripe from 'stripe';
import type { Recent } from './gateway.ts';
import { fromStripeAmount } from './stripe-amounts.ts';
import { refundOf } from './stripe-facts.ts';
import { stripePaymentIntent } from './stripe-objects.ts';
import { stripeEventOf } from './stripe-webhook.ts';

const PAGE = 100;

/** Everything that has happened in a window, for the reconciliation. Events are kept by Stripe for 30 days. */
export async function listRecentOfStripe(
	stripe: Stripe,
	{ from, to }: { from: Date; to: Date },
): Promise<Recent> {
	const created = {
		gte: Math.floor(from.getTime() / 1000),
		lt: Math.ceil(to.getTime() / 1000),
	};
	const query = { created, limit: PAGE };
	const recent: Recent = { payments: [], refunds: [], events: [], fees: [] };
	for await (const intent of stripe.paymentIntents.list(query)) {
		const { metadata, currency, ...rest } = stripePaymentIntent.parse(intent);
		recent.payments.push({
			paymentRef: rest.id,
			orderId: metadata.order_id,
			amount: fromStripeAmount(rest.amount_received, currency),
			currency: currency.toUpperCase(),
			succeeded: rest.status === 'succeeded',
			createdAt: new Date(rest.created * 1000),
		});
	}
	for await (const refund of stripe.refunds.list(query)) {
		const { refundRef, paymentRef, amount, currency, status } = refundOf(refund);
		const createdAt = new Date(refund.created * 1000);
		recent.refunds.push({ refundRef, paymentRef, amount, currency, status, createdAt });
	}
	for await (const event of stripe.events.list(query)) {
		recent.events.push(stripeEventOf(JSON.stringify(event)));
	}
	recent.events.reverse();
	for await (const { type, source, fee, currency } of stripe.balanceTransactions.list(query)) {
		if (type !== 'charge' && type !== 'payment') continue;
		const ref = typeof source === 'string' ? source : source?.id;
		if (ref === undefined) continue;
		recent.fees.push({
			ref,
			fee: fromStripeAmount(fee, currency),
			currency: currency.toUpperCase(),
		});
	}
	return recent;
}

/** The object of an event as it is now. */
export async function fetchStripeObject(
	stripe: Stripe,
	{ type, objectId }: { type: string; objectId: string },
): Promise<unknown> {
	if (type.startsWith('customer.subscription.')) return stripe.subscriptions.retrieve(objectId);
	if (type.startsWith('invoice.')) {
		return stripe.invoices.retrieve(objectId, { expand: ['payments'] });
	}
	if (type.startsWith('charge.dispute.')) return stripe.disputes.retrieve(objectId);
	if (type.startsWith('refund.') || type.startsWith('charge.refund.')) {
		return stripe.refunds.retrieve(objectId);
	}
	throw new Error(`Nobody asks for the object of a ${type}.`);
}
