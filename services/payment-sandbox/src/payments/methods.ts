import { newId, nowOf, save, type Sandbox } from '../sandbox.ts';
import { noSuch, refused } from '../wire/error.ts';
import { cardOfAlias, cardOfNumber, CARDS, type CardBehaviour } from './cards.ts';
import { debitOfAlias, debitOfIban, DEBITS, type DebitBehaviour } from './debits.ts';

/** Who holds the card or the account. */
export interface BillingDetails {
	address: {
		city: string | null;
		country: string | null;
		line1: string | null;
		line2: string | null;
		postal_code: string | null;
		state: string | null;
	};
	email: string | null;
	name: string | null;
	phone: null;
	tax_id: null;
}

interface AnyMethod {
	id: string;
	object: 'payment_method';
	allow_redisplay: 'unspecified';
	billing_details: BillingDetails;
	created: number;
	customer: string | null;
	customer_account: null;
	livemode: false;
	metadata: Record<string, string>;
}

/** A card, saved for a customer or for one payment. */
export interface CardMethod extends AnyMethod {
	card: {
		brand: string;
		checks: { address_line1_check: null; address_postal_code_check: null; cvc_check: 'pass' };
		country: 'DE';
		display_brand: string;
		exp_month: number;
		exp_year: number;
		/** Says which test card it is; Stripe's is a hash of the number. */
		fingerprint: string;
		funding: 'credit';
		generated_from: null;
		last4: string;
		networks: { available: string[]; preferred: null };
		three_d_secure_usage: { supported: true };
		wallet: null;
	};
	type: 'card';
}

/** A bank account in the euro area, for one payment. */
export interface DebitMethod extends AnyMethod {
	sepa_debit: {
		bank_code: string;
		branch_code: '';
		country: string;
		/** Says which test account it is; Stripe's is a hash of the IBAN. */
		fingerprint: string;
		generated_from: { charge: null; setup_attempt: null };
		last4: string;
	};
	type: 'sepa_debit';
}

export type PaymentMethod = CardMethod | DebitMethod;

/** With what a payment is made: a test card or a test account. */
export type Means = CardBehaviour | DebitBehaviour;

/** What kind of payment method that is. */
export function typeOf(means: Means): PaymentMethod['type'] {
	return 'iban' in means ? 'sepa_debit' : 'card';
}

interface Owner {
	customer?: string | null;
	email?: string | null;
	name?: string | null;
}

/** Billing details of which only e-mail and name are known. */
export function billingDetails(email: string | null, name: string | null): BillingDetails {
	return {
		address: {
			...{ city: null, country: null, line1: null },
			...{ line2: null, postal_code: null, state: null },
		},
		...{ email, name, phone: null, tax_id: null },
	};
}

/** A payment method of a test card or account; which one it is can be told from its fingerprint. */
export function createMethod(sandbox: Sandbox, means: Means, owner: Owner = {}): PaymentMethod {
	const any: AnyMethod = {
		id: newId('pm'),
		object: 'payment_method',
		allow_redisplay: 'unspecified',
		billing_details: billingDetails(owner.email ?? null, owner.name ?? null),
		created: nowOf(sandbox),
		customer: owner.customer ?? null,
		customer_account: null,
		livemode: false,
		metadata: {},
	};
	const method = 'iban' in means ? debitMethod(any, means) : cardMethod(any, means);
	sandbox.state.put(method);
	return method;
}

function cardMethod(any: AnyMethod, card: CardBehaviour): CardMethod {
	return {
		...any,
		card: {
			brand: card.brand,
			checks: {
				...{ address_line1_check: null, address_postal_code_check: null },
				cvc_check: 'pass',
			},
			country: 'DE',
			display_brand: card.brand,
			exp_month: 12,
			exp_year: new Date().getFullYear() + 3,
			fingerprint: `sandbox${card.number}`,
			funding: 'credit',
			generated_from: null,
			last4: card.number.slice(-4),
			networks: { available: [card.brand], preferred: null },
			three_d_secure_usage: { supported: true },
			wallet: null,
		},
		type: 'card',
	};
}

function debitMethod(any: AnyMethod, { iban }: DebitBehaviour): DebitMethod {
	return {
		...any,
		sepa_debit: {
			bank_code: iban.slice(4, 9),
			branch_code: '',
			country: iban.slice(0, 2),
			fingerprint: `sandbox${iban}`,
			generated_from: { charge: null, setup_attempt: null },
			last4: iban.slice(-4),
		},
		type: 'sepa_debit',
	};
}

/** A saved payment method, or one of Stripe's ready-made ones (`pm_card_visa`, `pm_success_at`). */
export function methodOf(sandbox: Sandbox, id: string, param = 'payment_method'): PaymentMethod {
	const saved = sandbox.state.get('payment_method', id);
	if (saved !== undefined) return saved;
	const means = cardOfAlias(id) ?? debitOfAlias(id);
	if (means === undefined) throw noSuch('PaymentMethod', id, param);
	return createMethod(sandbox, means);
}

/** How the test card behind a payment method behaves. */
export function behaviourOf(method: CardMethod): CardBehaviour {
	const card = cardOfNumber(method.card.fingerprint.slice('sandbox'.length)) ?? CARDS[0];
	if (card === undefined) throw new Error('there are test cards');
	return card;
}

/** What becomes of debits from the test account behind a payment method. */
export function debitBehaviourOf(method: DebitMethod): DebitBehaviour {
	const debit = debitOfIban(method.sepa_debit.fingerprint.slice('sandbox'.length)) ?? DEBITS[0];
	if (debit === undefined) throw new Error('there are test accounts');
	return debit;
}

/** Ties a card to a customer, for renewals; accounts are not kept. A copy is made of a ready-made one. */
export function attachMethod(sandbox: Sandbox, id: string, customer: string): PaymentMethod {
	sandbox.state.require('customer', customer, 'customer');
	const found = methodOf(sandbox, id);
	if (found.type !== 'card') {
		throw refused('The payment sandbox keeps no bank accounts for later payments. Attach a card.', {
			code: 'payment_method_unexpected_state',
			param: 'payment_method',
		});
	}
	const method = { ...found, customer };
	save(sandbox, method, 'payment_method.attached');
	return method;
}
