import { nowOf, save, type Sandbox } from '../sandbox.ts';
import { refused } from '../wire/error.ts';
import type { Invoice } from './invoice.ts';
import { recordPayment } from './invoice-payments.ts';

/**
 * An invoice that is settled.
 * @param payment  by which payment intent, or none when nothing was due
 */
export function markPaid(sandbox: Sandbox, invoice: Invoice, payment?: string): Invoice {
	const now = nowOf(sandbox, invoice.test_clock);
	const paid: Invoice = {
		...invoice,
		amount_paid: invoice.amount_due,
		amount_remaining: 0,
		attempted: true,
		attempt_count: invoice.attempt_count + (payment === undefined ? 0 : 1),
		auto_advance: false,
		next_payment_attempt: null,
		status: 'paid',
		status_transitions: { ...invoice.status_transitions, paid_at: now },
	};
	if (payment !== undefined) recordPayment(sandbox, invoice, { payment, paid: true });
	save(sandbox, paid, 'invoice.paid');
	save(sandbox, paid, 'invoice.payment_succeeded');
	return paid;
}

/**
 * An invoice whose attempt failed; it stays open.
 * @param nextAttempt  Unix seconds of the next try, or null when there is none
 */
export function markFailed(
	sandbox: Sandbox,
	invoice: Invoice,
	payment: string,
	nextAttempt: number | null,
): Invoice {
	const failed: Invoice = {
		...invoice,
		attempted: true,
		attempt_count: invoice.attempt_count + 1,
		auto_advance: nextAttempt !== null,
		next_payment_attempt: nextAttempt,
	};
	recordPayment(sandbox, invoice, { payment, paid: false });
	save(sandbox, failed, 'invoice.payment_failed');
	return failed;
}

/** An invoice that was a mistake: nothing is due any more. 400 unless it is open or uncollectible. */
export function voidInvoice(sandbox: Sandbox, invoice: Invoice): Invoice {
	if (invoice.status !== 'open' && invoice.status !== 'uncollectible') {
		throw refused(`You can only pass in open invoices. This invoice isn't open.`);
	}
	const after: Invoice = {
		...invoice,
		...{ status: 'void', auto_advance: false, next_payment_attempt: null, amount_remaining: 0 },
		status_transitions: {
			...invoice.status_transitions,
			voided_at: nowOf(sandbox, invoice.test_clock),
		},
	};
	save(sandbox, after, 'invoice.voided');
	return after;
}

/** An invoice that nobody expects to be paid; 400 unless it is open. */
export function markUncollectible(sandbox: Sandbox, invoice: Invoice): Invoice {
	if (invoice.status !== 'open') throw refused(`This invoice isn't open.`);
	const after: Invoice = {
		...invoice,
		...{ status: 'uncollectible', auto_advance: false, next_payment_attempt: null },
		status_transitions: {
			...invoice.status_transitions,
			marked_uncollectible_at: nowOf(sandbox, invoice.test_clock),
		},
	};
	save(sandbox, after, 'invoice.marked_uncollectible');
	return after;
}
