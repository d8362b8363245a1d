import { bookBalance, processingFee } from '../money/balance.ts';
import { newId, nowOf, save, type Sandbox } from '../sandbox.ts';
import { refused, StripeError } from '../wire/error.ts';
import { declineOf, type Decline } from './cards.ts';
import { openDispute } from './disputes.ts';
import { behaviourOf, type BillingDetails, type PaymentMethod } from './methods.ts';

export interface PaymentError {
	charge?: string;
	code: string;
	decline_code?: string;
	doc_url: string;
	message: string;
	payment_method: PaymentMethod;
	type: 'card_error';
}

export interface PaymentIntent {
	id: string;
	object: 'payment_intent';
	allowed_payment_method_types: null;
	amount: number;
	amount_capturable: number;
	amount_details: { tip: Record<string, never> };
	amount_received: number;
	application: null;
	application_fee_amount: null;
	automatic_payment_methods: { allow_redirects: 'always'; enabled: true } | null;
	canceled_at: number | null;
	cancellation_reason: string | null;
	capture_method: 'automatic' | 'automatic_async' | 'manual';
	client_secret: string;
	confirmation_method: 'automatic';
	created: number;
	currency: string;
	customer: string | null;
	customer_account: null;
	description: string | null;
	excluded_payment_method_types: null;
	last_payment_error: PaymentError | null;
	latest_charge: string | null;
	livemode: false;
	metadata: Record<string, string>;
	next_action: {
		type: 'redirect_to_url';
		redirect_to_url: { return_url: string | null; url: string };
	} | null;
	on_behalf_of: null;
	payment_method: string | null;
	payment_method_configuration_details: null;
	payment_method_options: { card: { request_three_d_secure: 'automatic' } };
	payment_method_types: string[];
	payment_record: null;
	processing: null;
	receipt_email: string | null;
	review: null;
	setup_future_usage: string | null;
	shipping: unknown;
	source: null;
	statement_descriptor: string | null;
	statement_descriptor_suffix: string | null;
	status:
		| 'requires_payment_method'
		| 'requires_confirmation'
		| 'requires_action'
		| 'requires_capture'
		| 'processing'
		| 'succeeded'
		| 'canceled';
	transfer_data: null;
	transfer_group: string | null;
}

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
	status: 'succeeded' | 'failed';
	transfer_data: null;
	transfer_group: string | null;
}

export interface NewIntent {
	amount: number;
	currency: string;
	customer?: string | null | undefined;
	description?: string | null | undefined;
	metadata?: Record<string, string> | undefined;
	receipt_email?: string | null | undefined;
	capture_method?: PaymentIntent['capture_method'] | undefined;
	setup_future_usage?: string | null | undefined;
	shipping?: unknown;
	statement_descriptor?: string | undefined;
	statement_descriptor_suffix?: string | undefined;
	transfer_group?: string | undefined;
	payment_method?: string | undefined;
	testClock?: string | null | undefined;
}

/** Stripe's smallest amount for most currencies; for those without decimals it is 50 of them. */
const SMALLEST = 50;

export function createIntent(sandbox: Sandbox, given: NewIntent): PaymentIntent {
	if (given.amount < SMALLEST) {
		throw refused(
			`Amount must be at least 0.50 ${given.currency}. The sandbox takes ${SMALLEST} of the smallest unit for every currency.`,
			{ code: 'amount_too_small', param: 'amount' },
		);
	}
	const id = newId('pi');
	const intent: PaymentIntent = {
		id,
		object: 'payment_intent',
		allowed_payment_method_types: null,
		amount: given.amount,
		amount_capturable: 0,
		amount_details: { tip: {} },
		amount_received: 0,
		...{ application: null, application_fee_amount: null },
		automatic_payment_methods: { allow_redirects: 'always', enabled: true },
		...{ canceled_at: null, cancellation_reason: null },
		capture_method: given.capture_method ?? 'automatic_async',
		client_secret: `${id}_secret_${newId('x').slice(2)}`,
		confirmation_method: 'automatic',
		created: nowOf(sandbox, given.testClock ?? null),
		currency: given.currency,
		customer: given.customer ?? null,
		customer_account: null,
		description: given.description ?? null,
		...{ excluded_payment_method_types: null, last_payment_error: null, latest_charge: null },
		livemode: false,
		metadata: given.metadata ?? {},
		...{ next_action: null, on_behalf_of: null },
		payment_method: given.payment_method ?? null,
		payment_method_configuration_details: null,
		payment_method_options: { card: { request_three_d_secure: 'automatic' } },
		payment_method_types: ['card'],
		...{ payment_record: null, processing: null },
		receipt_email: given.receipt_email ?? null,
		review: null,
		setup_future_usage: given.setup_future_usage ?? null,
		shipping: given.shipping ?? null,
		source: null,
		statement_descriptor: given.statement_descriptor ?? null,
		statement_descriptor_suffix: given.statement_descriptor_suffix ?? null,
		status:
			given.payment_method === undefined ? 'requires_payment_method' : 'requires_confirmation',
		transfer_data: null,
		transfer_group: given.transfer_group ?? null,
	};
	save(sandbox, intent, 'payment_intent.created');
	return intent;
}

export interface Confirmation {
	/** The buyer is there: false for renewals. */
	onSession: boolean;
	/** The bank's question has been answered: yes, no, or not yet asked. */
	authentication?: 'passed' | 'failed';
	returnUrl?: string | null;
	testClock?: string | null;
}

/**
 * Charges a card. A decline is an outcome, not an exception: see `last_payment_error`.
 * @returns the intent as it then is: succeeded, requires_capture, requires_action or requires_payment_method
 */
export function confirmIntent(
	sandbox: Sandbox,
	intent: PaymentIntent,
	method: PaymentMethod,
	confirmation: Confirmation,
): PaymentIntent {
	const card = behaviourOf(method);
	const decline = declineFor(card, confirmation);
	const asks =
		card.authentication !== undefined &&
		confirmation.onSession &&
		confirmation.authentication === undefined;
	if (asks) {
		const waiting: PaymentIntent = {
			...intent,
			payment_method: method.id,
			status: 'requires_action',
			last_payment_error: null,
			next_action: {
				type: 'redirect_to_url',
				redirect_to_url: {
					return_url: confirmation.returnUrl ?? null,
					url: `${sandbox.config.PUBLIC_URL}/authenticate/${intent.id}`,
				},
			},
		};
		save(sandbox, waiting, 'payment_intent.requires_action');
		return waiting;
	}
	if (decline !== undefined) return declined(sandbox, intent, method, decline, confirmation);
	return charged(sandbox, intent, method, confirmation);
}

function declineFor(
	card: ReturnType<typeof behaviourOf>,
	{ onSession, authentication }: Confirmation,
): Decline | undefined {
	if (card.decline !== undefined) return declineOf(card.decline.code, card.decline.declineCode);
	if (authentication === 'failed') return declineOf('payment_intent_authentication_failure');
	if (!onSession && card.failsOffSession) return declineOf('card_declined', 'generic_decline');
	if (authentication === 'passed' && card.authentication === 'required_then_declined') {
		return declineOf('card_declined', 'generic_decline');
	}
	return undefined;
}

function declined(
	sandbox: Sandbox,
	intent: PaymentIntent,
	method: PaymentMethod,
	{ code, declineCode, message }: Decline,
	{ testClock = null }: Confirmation,
): PaymentIntent {
	const reachedBank = code !== 'payment_intent_authentication_failure';
	const charge = reachedBank ? chargeOf(sandbox, intent, method, testClock) : undefined;
	if (charge !== undefined) {
		const failed: Charge = {
			...charge,
			failure_code: code,
			failure_message: message,
			outcome: {
				...{ advice_code: 'try_again_later', network_advice_code: null },
				network_decline_code: '01',
				network_status: 'declined_by_network',
				reason: declineCode ?? code,
				...{ risk_level: 'normal', risk_score: 20 },
				seller_message: 'The bank did not return any further details with this decline.',
				type: 'issuer_declined',
			},
			...{ paid: false, captured: false, amount_captured: 0, receipt_url: null },
			status: 'failed',
		};
		save(sandbox, failed, 'charge.failed');
	}
	const after: PaymentIntent = {
		...intent,
		latest_charge: charge?.id ?? intent.latest_charge,
		last_payment_error: {
			...(charge === undefined ? {} : { charge: charge.id }),
			code,
			...(declineCode === undefined ? {} : { decline_code: declineCode }),
			doc_url: `https://docs.stripe.com/error-codes/${code.replaceAll('_', '-')}`,
			message,
			payment_method: method,
			type: 'card_error',
		},
		next_action: null,
		payment_method: null,
		status: 'requires_payment_method',
	};
	save(sandbox, after, 'payment_intent.payment_failed');
	return after;
}

function charged(
	sandbox: Sandbox,
	intent: PaymentIntent,
	method: PaymentMethod,
	{ testClock = null }: Confirmation,
): PaymentIntent {
	const held = intent.capture_method === 'manual';
	const charge = chargeOf(sandbox, intent, method, testClock);
	const base: PaymentIntent = {
		...intent,
		latest_charge: charge.id,
		last_payment_error: null,
		next_action: null,
		payment_method: method.id,
	};
	if (held) {
		save(sandbox, { ...charge, captured: false, amount_captured: 0 }, 'charge.succeeded');
		const waiting: PaymentIntent = {
			...base,
			amount_capturable: intent.amount,
			status: 'requires_capture',
		};
		save(sandbox, waiting, 'payment_intent.amount_capturable_updated');
		return waiting;
	}
	bookCharge(sandbox, charge, testClock);
	save(sandbox, charge, 'charge.succeeded');
	const after: PaymentIntent = { ...base, amount_received: intent.amount, status: 'succeeded' };
	save(sandbox, after, 'payment_intent.succeeded');
	const { dispute } = behaviourOf(method);
	if (dispute !== undefined) openDispute(sandbox, charge, dispute);
	return after;
}

function bookCharge(sandbox: Sandbox, charge: Charge, testClock: string | null): void {
	const booked = bookBalance(sandbox, {
		amount: charge.amount_captured,
		fee: processingFee(charge.amount_captured),
		...{ currency: charge.currency, source: charge.id, type: 'charge', testClock },
		description: charge.description,
	});
	charge.balance_transaction = booked.id;
}

function chargeOf(
	sandbox: Sandbox,
	intent: PaymentIntent,
	method: PaymentMethod,
	testClock: string | null,
): Charge {
	const id = newId('ch');
	const { checks, country, exp_month, exp_year, fingerprint, funding, last4 } = method.card;
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
		payment_method_details: {
			card: {
				...{ amount_authorized: intent.amount, authorization_code: null, brand: method.card.brand },
				...{ checks, country, exp_month, exp_year, fingerprint, funding, last4 },
				...{ installments: null, mandate: null, network: method.card.brand },
				...{ three_d_secure: null, wallet: null },
			},
			type: 'card',
		},
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

export function captureIntent(
	sandbox: Sandbox,
	intent: PaymentIntent,
	amount = intent.amount_capturable,
): PaymentIntent {
	if (intent.status !== 'requires_capture') throw unexpected(intent, 'captured');
	if (amount > intent.amount_capturable || amount <= 0) {
		throw refused(`The amount to capture must be between 1 and ${intent.amount_capturable}.`, {
			code: 'amount_too_large',
			param: 'amount_to_capture',
		});
	}
	const held = sandbox.state.require('charge', intent.latest_charge ?? '');
	const charge: Charge = { ...held, captured: true, amount_captured: amount };
	bookCharge(sandbox, charge, null);
	save(sandbox, charge, 'charge.captured');
	const after: PaymentIntent = {
		...intent,
		amount_capturable: 0,
		amount_received: amount,
		status: 'succeeded',
	};
	save(sandbox, after, 'payment_intent.succeeded');
	return after;
}

export function cancelIntent(
	sandbox: Sandbox,
	intent: PaymentIntent,
	reason: string | null = null,
): PaymentIntent {
	if (intent.status === 'succeeded' || intent.status === 'canceled') {
		throw unexpected(intent, 'canceled');
	}
	const after: PaymentIntent = {
		...intent,
		amount_capturable: 0,
		canceled_at: nowOf(sandbox),
		cancellation_reason: reason,
		next_action: null,
		status: 'canceled',
	};
	save(sandbox, after, 'payment_intent.canceled');
	return after;
}

/** 400 payment_intent_unexpected_state. */
export function unexpected(intent: PaymentIntent, verb: string): StripeError {
	return refused(
		`This PaymentIntent could not be ${verb} because it has a status of ${intent.status}.`,
		{ code: 'payment_intent_unexpected_state', payment_intent: intent },
	);
}

/** 402, as Stripe answers a confirmation that was declined; the failed charge stays. */
export function cardError(intent: PaymentIntent): StripeError | undefined {
	const error = intent.last_payment_error;
	if (error === null) return undefined;
	return new StripeError(402, error.message, {
		type: 'card_error',
		keepsEffects: true,
		code: error.code,
		doc_url: error.doc_url,
		...(error.decline_code === undefined ? {} : { decline_code: error.decline_code }),
		...(error.charge === undefined ? {} : { charge: error.charge }),
		payment_intent: intent,
		payment_method: error.payment_method,
	});
}
