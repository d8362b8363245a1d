import { cardOutcome } from './collect.ts';
import type { Price } from './catalogue.ts';
import type { Customer } from './customers.ts';
import type { Subscription, SubscriptionItem } from './subscription.ts';
import { newId, nowOf, save, type Sandbox } from '../sandbox.ts';
import { refused } from '../wire/error.ts';

export interface InvoiceLine {
	id: string;
	object: 'line_item';
	amount: number;
	currency: string;
	description: string;
	discount_amounts: { amount: number; discount: string }[];
	discountable: boolean;
	discounts: string[];
	invoice: string;
	livemode: false;
	metadata: Record<string, string>;
	parent: {
		invoice_item_details: null;
		subscription_item_details: {
			invoice_item: null;
			proration: boolean;
			proration_details: null;
			subscription: string;
			subscription_item: string;
		} | null;
		type: 'subscription_item_details' | 'invoice_item_details';
	};
	period: { start: number; end: number };
	pretax_credit_amounts: never[];
	pricing: {
		price_details: { price: string; product: string };
		type: 'price_details';
		unit_amount_decimal: string;
	};
	quantity: number;
	quantity_decimal: string;
	subscription: string | null;
	subtotal: number;
	taxes: never[];
}

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

function lineOf(
	{ state }: Sandbox,
	invoice: string,
	item: SubscriptionItem,
	given: NewInvoice,
): InvoiceLine {
	const { price, quantity } = item;
	const title = state.get('product', price.product)?.name ?? 'Subscription';
	const amount = given.free === true ? 0 : price.unit_amount * quantity;
	const every = price.recurring === null ? '' : ` / ${price.recurring.interval}`;
	return {
		id: newId('il'),
		object: 'line_item',
		amount,
		currency: price.currency,
		description:
			given.free === true
				? `Trial period for ${title}`
				: `${quantity} × ${title} (at ${(price.unit_amount / 100).toFixed(2)}${every})`,
		discount_amounts: [],
		discountable: true,
		discounts: [],
		invoice,
		livemode: false,
		metadata: given.subscription.metadata,
		parent: {
			invoice_item_details: null,
			subscription_item_details: {
				...{ invoice_item: null, proration: false, proration_details: null },
				...{ subscription: given.subscription.id, subscription_item: item.id },
			},
			type: 'subscription_item_details',
		},
		period: given.period,
		pretax_credit_amounts: [],
		pricing: {
			price_details: { price: price.id, product: price.product },
			type: 'price_details',
			unit_amount_decimal: price.unit_amount_decimal,
		},
		quantity,
		quantity_decimal: String(quantity),
		subscription: given.subscription.id,
		subtotal: amount,
		taxes: [],
	};
}

function oneTimeLine(
	{ state }: Sandbox,
	invoice: string,
	{ price, quantity }: { price: Price; quantity: number },
	given: NewInvoice,
): InvoiceLine {
	const amount = price.unit_amount * quantity;
	return {
		id: newId('il'),
		object: 'line_item',
		amount,
		currency: price.currency,
		description: state.get('product', price.product)?.name ?? '',
		...{ discount_amounts: [], discountable: true, discounts: [], invoice, livemode: false },
		metadata: {},
		parent: {
			...{ invoice_item_details: null, subscription_item_details: null },
			type: 'invoice_item_details',
		},
		period: given.period,
		pretax_credit_amounts: [],
		pricing: {
			price_details: { price: price.id, product: price.product },
			type: 'price_details',
			unit_amount_decimal: price.unit_amount_decimal,
		},
		quantity,
		quantity_decimal: String(quantity),
		subscription: given.subscription.id,
		subtotal: amount,
		taxes: [],
	};
}

/** @param payment  by which payment intent, or none when nothing was due */
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

function recordPayment(
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

export function paymentsOf({ state }: Sandbox, invoice: string): InvoicePayment[] {
	return state.all('invoice_payment', { invoice });
}

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

/** Tries to charge an open invoice now. */
export function payInvoice(sandbox: Sandbox, invoice: Invoice, method?: string): Invoice {
	if (invoice.status === 'paid')
		throw refused('Invoice is already paid', { code: 'invoice_already_paid' });
	if (invoice.status !== 'open') throw refused(`This invoice can no longer be paid.`);
	return cardOutcome(sandbox, invoice, method);
}
