import type { Sandbox } from '../sandbox.ts';
import { discountAt } from './discounts.ts';
import { periodEnd } from './period.ts';
import { periodOf } from './subscription.ts';

/** `POST /v1/invoices/create_preview`: what the next renewal will cost. */
export function previewInvoice(sandbox: Sandbox, id: string) {
	const subscription = sandbox.state.require('subscription', id);
	const recurring = subscription.items.data[0]?.price.recurring;
	const { end: start } = periodOf(subscription);
	const subtotal = subscription.items.data.reduce(
		(sum, { price, quantity }) => sum + price.unit_amount * quantity,
		0,
	);
	const amount = subtotal - discountAt(sandbox, subscription, start);
	return {
		id: `upcoming_in_${id.slice(4)}`,
		object: 'invoice',
		...{ amount_due: amount, subtotal, total: amount, currency: subscription.currency },
		...{ customer: subscription.customer, billing_reason: 'upcoming', status: 'draft' },
		next_payment_attempt: start,
		period_start: start,
		period_end:
			recurring == null ? start : periodEnd(start, recurring, subscription.billing_cycle_anchor),
		parent: {
			quote_details: null,
			subscription_details: { metadata: subscription.metadata, subscription: id },
			type: 'subscription_details',
		},
	};
}
