import { bookBalance, processingFee } from '../money/balance.ts';
import { newId, nowOf, type Sandbox } from '../sandbox.ts';
import type { PaymentIntent } from './intent.ts';
import type { BillingDetails, PaymentMethod } from './methods.ts';

/** One attempt to take an intent's money from a card or an account. */
export interface Charge {
	id: string;
	object: 'charge';
	amount: number;
	amount_captured: number;
	amount_refunded: number;
	application: null;
	application_fee: null;
	application_fee_amount: null;
	balance_transaction: string | null;
	billing_details: BillingDetails;
	calculated_statement_descriptor: string;
	captured: boolean;
	created: number;
	currency: string;
	customer: string | null;
	description: string | null;
	disputed: boolean;
	failure_balance_transaction: null;
	failure_code: string | null;
	failure_message: string | null;
	fraud_details: Record<string, never>;
	livemode: false;
	metadata: Record<string, string>;
	on_behalf_of: null;
	outcome: unknown;
	paid: boolean;
	payment_intent: string;
	payment_method: string;
	payment_method_details: unknown;
	receipt_email: string | null;
	receipt_number: null;
	receipt_url: string | null;
	refunded: boolean;
	review: null;
	shipping: unknown;
	source: null;
	source_transfer: null;
	statement_descriptor: string | null;
	statement_descriptor_suffix: string | null;
	status: 'succeeded' | 'pending' | 'failed';
	transfer_data: null;
	transfer_group: string | null;
}

/** The charge of an intent as it is when the bank agrees; not kept, and nothing is booked. */
export function chargeOf(
	sandbox: Sandbox,
	intent: PaymentIntent,
	method: PaymentMethod,
	testClock: string | null,
): Charge {
	const id = newId(method.type === 'card' ? 'ch' : 'py');
	return {
		id,
		object: 'charge',
		amount: intent.amount,
		amount_captured: intent.amount,
		amount_refunded: 0,
		...{ application: null, application_fee: null, application_fee_amount: null },
		balance_transaction: null,
		billing_details: {
			...method.billing_details,
			email: method.billing_details.email ?? intent.receipt_email,
		},
		calculated_statement_descriptor: 'SANDBOX',
		captured: true,
		created: nowOf(sandbox, testClock),
		currency: intent.currency,
		customer: intent.customer,
		description: intent.description,
		disputed: false,
		...{ failure_balance_transaction: null, failure_code: null, failure_message: null },
		fraud_details: {},
		livemode: false,
		metadata: intent.metadata,
		on_behalf_of: null,
		outcome: {
			...{ advice_code: null, network_advice_code: null, network_decline_code: null },
			...{ network_status: 'approved_by_network', reason: null },
			...{ risk_level: 'normal', risk_score: 20 },
			...{ seller_message: 'Payment complete.', type: 'authorized' },
		},
		paid: true,
		payment_intent: intent.id,
		payment_method: method.id,
		payment_method_details: detailsOf(intent, method),
		receipt_email: intent.receipt_email,
		receipt_number: null,
		receipt_url: `${sandbox.config.PUBLIC_URL}/receipts/${id}`,
		refunded: false,
		review: null,
		shipping: intent.shipping,
		...{ source: null, source_transfer: null },
		statement_descriptor: intent.statement_descriptor,
		statement_descriptor_suffix: intent.statement_descriptor_suffix,
		status: 'succeeded',
		transfer_data: null,
		transfer_group: intent.transfer_group,
	};
}

function detailsOf(intent: PaymentIntent, method: PaymentMethod) {
	if (method.type === 'sepa_debit') {
		const { bank_code, branch_code, country, fingerprint, last4 } = method.sepa_debit;
		const debit = { bank_code, branch_code, country, fingerprint, last4, mandate: null };
		return { sepa_debit: debit, type: method.type };
	}
	const { checks, country, exp_month, exp_year, fingerprint, funding, last4 } = method.card;
	return {
		card: {
			...{ amount_authorized: intent.amount, authorization_code: null, brand: method.card.brand },
			...{ checks, country, exp_month, exp_year, fingerprint, funding, last4 },
			...{ installments: null, mandate: null, network: method.card.brand },
			...{ three_d_secure: null, wallet: null },
		},
		type: method.type,
	};
}

/** Books what was captured, less the fee; sets the charge's `balance_transaction`. */
export function bookCharge(sandbox: Sandbox, charge: Charge, testClock: string | null): void {
	const booked = bookBalance(sandbox, {
		amount: charge.amount_captured,
		fee: processingFee(charge.amount_captured),
		...{ currency: charge.currency, source: charge.id, testClock },
		// Stripe calls it a charge only when it is one of a card.
		type: charge.id.startsWith('py_') ? 'payment' : 'charge',
		description: charge.description,
	});
	charge.balance_transaction = booked.id;
}
