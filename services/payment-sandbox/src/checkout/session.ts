import type { MethodType } from '../payments/method-types.ts';
import { save, type Sandbox } from '../sandbox.ts';
import { unschedule } from '../state/timers.ts';
import { refused } from '../wire/error.ts';

/** One purchase on the hosted page. Amounts are in minor units, times in Unix seconds. */
export interface CheckoutSession {
	id: string;
	object: 'checkout.session';
	adaptive_pricing: null;
	after_expiration: null;
	allow_promotion_codes: null;
	allowed_payment_method_types: string[] | null;
	amount_subtotal: number;
	amount_total: number;
	automatic_tax: { enabled: false; liability: null; provider: null; status: null };
	billing_address_collection: null;
	cancel_url: string | null;
	client_reference_id: string | null;
	client_secret: null;
	collected_information: null;
	consent: null;
	consent_collection: null;
	created: number;
	currency: string;
	currency_conversion: null;
	custom_fields: never[];
	custom_text: unknown;
	customer: string | null;
	customer_account: null;
	customer_creation: 'always' | 'if_required' | null;
	customer_details: {
		address: unknown;
		email: string | null;
		name: string | null;
		phone: null;
		tax_exempt: 'none';
		tax_ids: never[];
	} | null;
	customer_email: string | null;
	discounts: { coupon: string; promotion_code: null }[];
	excluded_payment_method_types: string[];
	expires_at: number;
	integration_identifier: string | null;
	invoice: string | null;
	invoice_creation: { enabled: false; invoice_data: Record<string, never> } | null;
	livemode: false;
	locale: string | null;
	metadata: Record<string, string>;
	mode: 'payment' | 'subscription';
	origin_context: null;
	payment_intent: string | null;
	payment_link: null;
	payment_method_collection: 'always' | 'if_required';
	payment_method_options: Record<string, never>;
	/** What the page offers, in its order. */
	payment_method_types: MethodType[];
	payment_status: 'paid' | 'unpaid' | 'no_payment_required';
	permissions: null;
	phone_number_collection: { enabled: boolean };
	recovered_from: null;
	saved_payment_method_options: null;
	setup_intent: null;
	shipping_address_collection: null;
	shipping_cost: null;
	shipping_options: never[];
	status: 'open' | 'complete' | 'expired';
	submit_type: string | null;
	subscription: string | null;
	success_url: string | null;
	total_details: { amount_discount: number; amount_shipping: 0; amount_tax: 0 };
	ui_mode: 'hosted_page';
	url: string | null;
	wallet_options: null;
}

/** A session's `customer_details`: who pays, as far as it is known. */
export function detailsOf(
	email: string | null,
	name: string | null,
): CheckoutSession['customer_details'] {
	return { address: null, email, name, phone: null, tax_exempt: 'none', tax_ids: [] };
}

/** Open sessions only: nobody can pay it any more. */
export function expireSession(sandbox: Sandbox, session: CheckoutSession): CheckoutSession {
	if (session.status !== 'open') {
		throw refused(
			`Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
		);
	}
	unschedule(sandbox, 'session.expire', session.id);
	const expired: CheckoutSession = { ...session, status: 'expired', url: null };
	save(sandbox, expired, 'checkout.session.expired');
	return expired;
}
