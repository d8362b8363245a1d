import { newId, nowOf, save, type Sandbox } from '../sandbox.ts';
import type { Price } from './catalogue.ts';
import type { Customer } from './customers.ts';
import { lineOf, oneTimeLine, type InvoiceLine } from './invoice-lines.ts';
import { markPaid } from './invoice-status.ts';
import type { Subscription } from './subscription.ts';

/** A bill for one period of a subscription. Amounts are in minor units. */
export interface Invoice {
	id: string;
	object: 'invoice';
	account_country: 'DE';
	account_name: string;
	amount_due: number;
	amount_overpaid: 0;
	amount_paid: number;
	amount_remaining: number;
	amount_shipping: 0;
	attempt_count: number;
	attempted: boolean;
	auto_advance: boolean;
	automatic_tax: { enabled: false; liability: null; provider: null; status: null };
	billing_reason: 'subscription_create' | 'subscription_cycle' | 'subscription_update' | 'manual';
	collection_method: 'charge_automatically';
	created: number;
	currency: string;
	customer: string;
	customer_email: string | null;
	customer_name: string | null;
	default_payment_method: null;
	description: string | null;
	discounts: string[];
	due_date: null;
	effective_at: number | null;
	ending_balance: number | null;
	hosted_invoice_url: string | null;
	invoice_pdf: string | null;
	last_finalization_error: null;
	lines: { object: 'list'; data: InvoiceLine[]; has_more: false; total_count: number; url: string };
	livemode: false;
	metadata: Record<string, string>;
	next_payment_attempt: number | null;
	number: string | null;
	parent: {
		quote_details: null;
		subscription_details: { metadata: Record<string, string>; subscription: string };
		type: 'subscription_details';
	} | null;
	period_end: number;
	period_start: number;
	receipt_number: null;
	starting_balance: 0;
	status: 'draft' | 'open' | 'paid' | 'void' | 'uncollectible';
	status_transitions: {
		finalized_at: number | null;
		marked_uncollectible_at: number | null;
		paid_at: number | null;
		voided_at: number | null;
	};
	subtotal: number;
	subtotal_excluding_tax: number;
	test_clock: string | null;
	total: number;
	total_discount_amounts: { amount: number; discount: string }[];
	total_excluding_tax: number;
	total_taxes: never[];
	webhooks_delivered_at: number | null;
}

/** What an invoice is made from. */
export interface NewInvoice {
	customer: Customer;
	subscription: Subscription;
	reason: Invoice['billing_reason'];
	period: { start: number; end: number };
	/** Taken off the sum, by a coupon. */
	discount?: number;
	/** A trial is on the invoice, for nothing. */
	free?: boolean;
	/** Sold once, with the first invoice. */
	oneTime?: { price: Price; quantity: number }[];
}

/** A finalized invoice over a subscription's items: open, or paid at once when nothing is due. */
export function createInvoice(sandbox: Sandbox, given: NewInvoice): Invoice {
	const { customer, subscription, period } = given;
	const id = newId('in');
	const now = nowOf(sandbox, subscription.test_clock);
	const lines = [
		...subscription.items.data.map((item) => lineOf(sandbox, id, item, given)),
		...(given.oneTime ?? []).map((item) => oneTimeLine(sandbox, id, item, given)),
	];
	const subtotal = lines.reduce((sum, line) => sum + line.amount, 0);
	const discount = Math.min(given.discount ?? 0, subtotal);
	const total = subtotal - discount;
	const number = `${customer.invoice_prefix}-${String(customer.next_invoice_sequence).padStart(4, '0')}`;
	sandbox.state.put({ ...customer, next_invoice_sequence: customer.next_invoice_sequence + 1 });
	const url = `${sandbox.config.PUBLIC_URL}/invoices/${id}`;
	const invoice: Invoice = {
		id,
		object: 'invoice',
		account_country: 'DE',
		account_name: sandbox.config.STORE_NAME,
		amount_due: total,
		amount_overpaid: 0,
		amount_paid: 0,
		amount_remaining: total,
		amount_shipping: 0,
		attempt_count: 0,
		attempted: false,
		auto_advance: true,
		automatic_tax: { enabled: false, liability: null, provider: null, status: null },
		billing_reason: given.reason,
		collection_method: 'charge_automatically',
		created: now,
		currency: subscription.currency,
		customer: customer.id,
		customer_email: customer.email,
		customer_name: customer.name,
		default_payment_method: null,
		description: null,
		discounts: [],
		due_date: null,
		effective_at: now,
		ending_balance: 0,
		hosted_invoice_url: url,
		invoice_pdf: `${url}/pdf`,
		last_finalization_error: null,
		lines: {
			...{ object: 'list', data: lines, has_more: false, total_count: lines.length },
			url: `/v1/invoices/${id}/lines`,
		},
		livemode: false,
		metadata: {},
		next_payment_attempt: null,
		number,
		parent: {
			quote_details: null,
			subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
			type: 'subscription_details',
		},
		period_end: period.end,
		period_start: period.start,
		receipt_number: null,
		starting_balance: 0,
		status: 'open',
		status_transitions: {
			...{ finalized_at: now, marked_uncollectible_at: null },
			...{ paid_at: null, voided_at: null },
		},
		subtotal,
		subtotal_excluding_tax: subtotal,
		test_clock: subscription.test_clock,
		total,
		total_discount_amounts: discount > 0 ? [{ amount: discount, discount: 'di_sandbox' }] : [],
		total_excluding_tax: total,
		total_taxes: [],
		webhooks_delivered_at: null,
	};
	save(sandbox, { ...invoice, status: 'draft', number: null }, 'invoice.created');
	save(sandbox, invoice, 'invoice.finalized');
	return total === 0 ? markPaid(sandbox, invoice) : invoice;
}
