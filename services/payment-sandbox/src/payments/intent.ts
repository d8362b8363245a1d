import { newId, nowOf, save, type Sandbox } from '../sandbox.ts';
import { refused } from '../wire/error.ts';
import type { MethodType } from './method-types.ts';
import type { PaymentMethod } from './methods.ts';

/** Why the last confirmation failed: a card error with its card, or what the bank said of an account. */
export interface PaymentError {
	charge?: string;
	code: string;
	decline_code?: string;
	doc_url: string;
	message: string;
	payment_method: PaymentMethod;
	type: 'card_error' | 'invalid_request_error';
}

/** The wish to be paid an amount, over as many attempts as it takes. Amounts are in minor units. */
export interface PaymentIntent {
	id: string;
	object: 'payment_intent';
	allowed_payment_method_types: string[] | null;
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
	excluded_payment_method_types: string[] | null;
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
	payment_method_options: Record<string, object>;
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

/** What a payment intent is made from. Amounts are in minor units. */
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
	/** By what it can be paid; only by card when not given. */
	methodTypes?: MethodType[] | undefined;
	allowed_payment_method_types?: string[] | undefined;
	excluded_payment_method_types?: string[] | undefined;
}

/** Stripe's smallest amount for most currencies; for those without decimals it is 50 of them. */
const SMALLEST = 50;

const OPTIONS: Record<MethodType, object> = {
	card: { request_three_d_secure: 'automatic' },
	sepa_debit: {},
};

/** An intent not yet confirmed; 400 `amount_too_small` below what Stripe takes. */
export function createIntent(sandbox: Sandbox, given: NewIntent): PaymentIntent {
	if (given.amount < SMALLEST) {
		throw refused(
			`Amount must be at least 0.50 ${given.currency}. The sandbox takes ${SMALLEST} of the smallest unit for every currency.`,
			{ code: 'amount_too_small', param: 'amount' },
		);
	}
	const id = newId('pi');
	const types = given.methodTypes ?? ['card'];
	const intent: PaymentIntent = {
		id,
		object: 'payment_intent',
		allowed_payment_method_types: given.allowed_payment_method_types ?? null,
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
		excluded_payment_method_types: given.excluded_payment_method_types ?? null,
		...{ last_payment_error: null, latest_charge: null },
		livemode: false,
		metadata: given.metadata ?? {},
		...{ next_action: null, on_behalf_of: null },
		payment_method: given.payment_method ?? null,
		payment_method_configuration_details: null,
		payment_method_options: Object.fromEntries(types.map((type) => [type, OPTIONS[type]])),
		payment_method_types: types,
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
