import { newId, nowOf, save, type Sandbox } from '../sandbox.ts';
import type { Invoice } from './invoice.ts';

/** Which payment intent pays an invoice. */
export interface InvoicePayment {
	id: string;
	object: 'invoice_payment';
	amount_paid: number | null;
	amount_requested: number;
	created: number;
	currency: string;
	invoice: string;
	is_default: true;
	livemode: false;
	payment: { payment_intent: string; type: 'payment_intent' };
	status: 'open' | 'paid' | 'canceled';
	status_transitions: { canceled_at: number | null; paid_at: number | null };
}

/** Notes how an attempt to pay an invoice ended; one record per intent. */
export function recordPayment(
	sandbox: Sandbox,
	invoice: Invoice,
	{ payment, paid }: { payment: string; paid: boolean },
): void {
	const now = nowOf(sandbox, invoice.test_clock);
	const known = paymentsOf(sandbox, invoice.id).find(
		(one) => one.payment.payment_intent === payment,
	);
	const record: InvoicePayment = {
		id: known?.id ?? newId('inpay'),
		object: 'invoice_payment',
		amount_paid: paid ? invoice.amount_due : null,
		amount_requested: invoice.amount_due,
		created: known?.created ?? now,
		currency: invoice.currency,
		invoice: invoice.id,
		is_default: true,
		livemode: false,
		payment: { payment_intent: payment, type: 'payment_intent' },
		status: paid ? 'paid' : 'open',
		status_transitions: { canceled_at: null, paid_at: paid ? now : null },
	};
	save(sandbox, record, paid ? 'invoice_payment.paid' : undefined);
}

/** The payments of an invoice, oldest first. */
export function paymentsOf({ state }: Sandbox, invoice: string): InvoicePayment[] {
	return state.all('invoice_payment', { invoice });
}
