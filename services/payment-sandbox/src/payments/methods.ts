import { newId, nowOf, save, type Sandbox } from '../sandbox.ts';
import { noSuch } from '../wire/error.ts';
import { cardOfAlias, cardOfNumber, CARDS, type CardBehaviour } from './cards.ts';

/** Who holds the card. */
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

/** A card, saved for a customer or for one payment. */
export interface PaymentMethod {
	id: string;
	object: 'payment_method';
	allow_redisplay: 'unspecified';
	billing_details: BillingDetails;
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
	created: number;
	customer: string | null;
	customer_account: null;
	livemode: false;
	metadata: Record<string, string>;
	type: 'card';
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

/** A payment method of a test card; which one it is can be told from its fingerprint. */
export function createMethod(
	sandbox: Sandbox,
	card: CardBehaviour,
	owner: { customer?: string | null; email?: string | null; name?: string | null } = {},
): PaymentMethod {
	const method: PaymentMethod = {
		id: newId('pm'),
		object: 'payment_method',
		allow_redisplay: 'unspecified',
		billing_details: billingDetails(owner.email ?? null, owner.name ?? null),
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
		created: nowOf(sandbox),
		customer: owner.customer ?? null,
		customer_account: null,
		livemode: false,
		metadata: {},
		type: 'card',
	};
	sandbox.state.put(method);
	return method;
}

/** A saved payment method, or one of Stripe's ready-made ones (`pm_card_visa`). */
export function methodOf(sandbox: Sandbox, id: string, param = 'payment_method'): PaymentMethod {
	const saved = sandbox.state.get('payment_method', id);
	if (saved !== undefined) return saved;
	const card = cardOfAlias(id);
	if (card === undefined) throw noSuch('PaymentMethod', id, param);
	return createMethod(sandbox, card);
}

/** How the test card behind a payment method behaves. */
export function behaviourOf(method: PaymentMethod): CardBehaviour {
	const card = cardOfNumber(method.card.fingerprint.slice('sandbox'.length)) ?? CARDS[0];
	if (card === undefined) throw new Error('there are test cards');
	return card;
}

/** Ties a payment method to a customer. A copy is made of a ready-made one. */
export function attachMethod(sandbox: Sandbox, id: string, customer: string): PaymentMethod {
	sandbox.state.require('customer', customer, 'customer');
	const method = { ...methodOf(sandbox, id), customer };
	save(sandbox, method, 'payment_method.attached');
	return method;
}
