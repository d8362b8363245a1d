import { nowOf, type Sandbox } from '../sandbox.ts';
import { RazorpayError } from './error.ts';
import { razorpayId } from './ids.ts';
import type { LinkEntity, PaymentEntity, RazorpayLink, RazorpayPayment } from './objects.ts';
import { tell } from './webhook.ts';

/** The payment of an id; 400 when there is none. */
export function paymentOf({ state }: Sandbox, id: string): RazorpayPayment {
	const payment = state.get('razorpay.payment', id);
	if (payment === undefined) throw new RazorpayError(400, 'The id provided does not exist');
	return payment;
}

/**
 * Pays a link, or notes that its card was declined. The fee is 2 % and 18 % tax on it.
 * @returns the payment: `captured`, or `failed` with the link still open
 */
export function payLink(
	sandbox: Sandbox,
	link: RazorpayLink,
	{ succeeds }: { succeeds: boolean },
): PaymentEntity {
	const { entity: linked } = link;
	const now = nowOf(sandbox);
	const fee = Math.round(linked.amount * 0.02);
	const payment: PaymentEntity = {
		id: razorpayId('pay'),
		entity: 'payment',
		amount: linked.amount,
		amount_refunded: 0,
		bank: null,
		captured: succeeds,
		card_id: razorpayId('card'),
		contact: linked.customer.contact ?? null,
		created_at: now,
		currency: linked.currency,
		description: linked.description,
		email: linked.customer.email ?? null,
		error_code: succeeds ? null : 'BAD_REQUEST_ERROR',
		error_description: succeeds ? null : 'Your payment was declined by the bank.',
		error_reason: succeeds ? null : 'payment_failed',
		error_source: succeeds ? null : 'bank',
		error_step: succeeds ? null : 'payment_authorization',
		fee: succeeds ? fee + Math.round(fee * 0.18) : null,
		international: false,
		invoice_id: null,
		method: 'card',
		notes: linked.notes,
		order_id: linked.order_id,
		refund_status: null,
		status: succeeds ? 'captured' : 'failed',
		tax: succeeds ? Math.round(fee * 0.18) : null,
		vpa: null,
		wallet: null,
	};
	sandbox.state.put({
		id: payment.id,
		object: 'razorpay.payment',
		created: now,
		source: linked.id,
		entity: payment,
	});
	if (!succeeds) {
		tell(sandbox, 'payment.failed', { payment });
		return payment;
	}
	const paid: LinkEntity = {
		...linked,
		amount_paid: linked.amount,
		payments: [
			{
				amount: linked.amount,
				created_at: now,
				method: 'card',
				payment_id: payment.id,
				status: 'captured',
			},
		],
		status: 'paid',
		updated_at: now,
	};
	sandbox.state.put({ ...link, entity: paid });
	tell(sandbox, 'payment.captured', { payment });
	tell(sandbox, 'payment_link.paid', { payment_link: paid, payment });
	return payment;
}
