import {
	createPrice,
	discountOf,
	type Coupon,
	type NewPrice,
	type Price,
} from '../billing/catalogue.ts';
import { newId, nowOf, save, type Sandbox } from '../sandbox.ts';
import { schedule, unschedule } from '../state/timers.ts';
import { refused } from '../wire/error.ts';

export interface LineItem {
	id: string;
	object: 'item';
	adjustable_quantity: null;
	amount_discount: number;
	amount_subtotal: number;
	amount_tax: 0;
	amount_total: number;
	currency: string;
	description: string;
	metadata: Record<string, string>;
	price: Price;
	quantity: number;
}

export interface IntentData {
	description?: string | undefined;
	metadata?: Record<string, string> | undefined;
	receipt_email?: string | undefined;
	capture_method?: 'automatic' | 'automatic_async' | 'manual' | undefined;
	setup_future_usage?: string | undefined;
	statement_descriptor?: string | undefined;
	statement_descriptor_suffix?: string | undefined;
	transfer_group?: string | undefined;
	shipping?: unknown;
}

export interface SubscriptionData {
	description?: string | undefined;
	metadata?: Record<string, string> | undefined;
	trial_end?: number | undefined;
	trial_period_days?: number | undefined;
}

export interface CheckoutSession {
	id: string;
	object: 'checkout.session';
	adaptive_pricing: null;
	after_expiration: null;
	allow_promotion_codes: null;
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
	payment_method_types: string[];
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

/** What a session keeps for the moment it is paid; beside it, since Stripe's object doesn't show it. */
export interface SessionPlan {
	lines: LineItem[];
	intent: IntentData;
	subscription: SubscriptionData;
	coupon: Coupon | null;
}

export interface NewSession {
	mode: 'payment' | 'subscription';
	line_items: {
		price?: string | undefined;
		price_data?: NewPrice | undefined;
		quantity?: number | undefined;
		metadata?: Record<string, string> | undefined;
	}[];
	success_url: string;
	cancel_url?: string | undefined;
	client_reference_id?: string | undefined;
	customer?: string | undefined;
	customer_creation?: 'always' | 'if_required' | undefined;
	customer_email?: string | undefined;
	currency?: string | undefined;
	discounts?: { coupon?: string | undefined }[] | undefined;
	expires_at?: number | undefined;
	integration_identifier?: string | undefined;
	locale?: string | undefined;
	metadata?: Record<string, string> | undefined;
	payment_intent_data?: IntentData | undefined;
	payment_method_collection?: 'always' | 'if_required' | undefined;
	phone_number_collection?: { enabled: boolean } | undefined;
	submit_type?: string | undefined;
	subscription_data?: SubscriptionData | undefined;
	custom_text?: unknown;
}

const DAY = 86_400;
const SHORTEST = 30 * 60;

export function createSession(sandbox: Sandbox, given: NewSession): CheckoutSession {
	const now = nowOf(sandbox);
	refuseWhatCannotBe(given, now);
	const customer =
		given.customer === undefined
			? undefined
			: sandbox.state.require('customer', given.customer, 'customer');
	const couponId = given.discounts?.[0]?.coupon;
	const coupon =
		couponId === undefined
			? null
			: sandbox.state.require('coupon', couponId, 'discounts[0][coupon]');
	const lines = linesOf(sandbox, given);
	const amount_subtotal = lines.reduce((sum, line) => sum + line.amount_subtotal, 0);
	const trial =
		given.subscription_data?.trial_period_days !== undefined ||
		given.subscription_data?.trial_end !== undefined;
	const dueNow = lines
		.filter(({ price }) => !trial || price.recurring === null)
		.reduce((sum, line) => sum + line.amount_subtotal, 0);
	const amount_discount = coupon === null ? 0 : discountOf(coupon, dueNow);
	const id = newId('cs_test');
	const session: CheckoutSession = {
		id,
		object: 'checkout.session',
		...{ adaptive_pricing: null, after_expiration: null, allow_promotion_codes: null },
		amount_subtotal,
		amount_total: dueNow - amount_discount,
		automatic_tax: { enabled: false, liability: null, provider: null, status: null },
		billing_address_collection: null,
		cancel_url: given.cancel_url ?? null,
		client_reference_id: given.client_reference_id ?? null,
		...{
			client_secret: null,
			collected_information: null,
			consent: null,
			consent_collection: null,
		},
		created: now,
		currency: lines[0]?.currency ?? 'eur',
		...{ currency_conversion: null, custom_fields: [], custom_text: given.custom_text ?? {} },
		customer: customer?.id ?? null,
		customer_account: null,
		customer_creation:
			given.mode === 'subscription'
				? customer === undefined
					? 'always'
					: null
				: (given.customer_creation ?? 'if_required'),
		customer_details:
			customer === undefined && given.customer_email === undefined
				? null
				: detailsOf(given.customer_email ?? customer?.email ?? null, customer?.name ?? null),
		customer_email: given.customer_email ?? null,
		discounts: coupon === null ? [] : [{ coupon: coupon.id, promotion_code: null }],
		expires_at: given.expires_at ?? now + DAY,
		integration_identifier: given.integration_identifier ?? null,
		invoice: null,
		invoice_creation: given.mode === 'payment' ? { enabled: false, invoice_data: {} } : null,
		livemode: false,
		locale: given.locale ?? null,
		metadata: given.metadata ?? {},
		mode: given.mode,
		...{ origin_context: null, payment_intent: null, payment_link: null },
		payment_method_collection:
			given.payment_method_collection ?? (given.mode === 'payment' ? 'if_required' : 'always'),
		payment_method_options: {},
		payment_method_types: ['card'],
		payment_status: 'unpaid',
		permissions: null,
		phone_number_collection: given.phone_number_collection ?? { enabled: false },
		...{ recovered_from: null, saved_payment_method_options: null, setup_intent: null },
		...{ shipping_address_collection: null, shipping_cost: null, shipping_options: [] },
		status: 'open',
		submit_type: given.submit_type ?? null,
		subscription: null,
		success_url: given.success_url,
		total_details: { amount_discount, amount_shipping: 0, amount_tax: 0 },
		ui_mode: 'hosted_page',
		url: `${sandbox.config.PUBLIC_URL}/pay/${id}`,
		wallet_options: null,
	};
	save(sandbox, session);
	const plan: SessionPlan = {
		lines,
		intent: given.payment_intent_data ?? {},
		subscription: given.subscription_data ?? {},
		coupon,
	};
	sandbox.state.set(`plan:${id}`, plan);
	schedule(sandbox, 'session.expire', id, session.expires_at);
	return session;
}

function refuseWhatCannotBe(given: NewSession, now: number): void {
	if (given.expires_at !== undefined) {
		if (given.expires_at < now + SHORTEST - 60) {
			throw refused(
				'The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.',
				{ param: 'expires_at' },
			);
		}
		if (given.expires_at > now + DAY + 60) {
			throw refused(
				'The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.',
				{ param: 'expires_at' },
			);
		}
	}
	if (given.mode === 'payment' && given.subscription_data !== undefined) {
		throw refused('You can not pass `subscription_data` in `payment` mode.', {
			param: 'subscription_data',
		});
	}
	if (given.mode === 'subscription' && given.payment_intent_data !== undefined) {
		throw refused('You can not pass `payment_intent_data` in `subscription` mode.', {
			param: 'payment_intent_data',
		});
	}
	if (given.customer !== undefined && given.customer_email !== undefined) {
		throw refused('You may only specify one of these parameters: customer, customer_email.', {
			param: 'customer_email',
		});
	}
}

function linesOf(sandbox: Sandbox, given: NewSession): LineItem[] {
	const lines = given.line_items.map((item, index): LineItem => {
		const price = priceOf(sandbox, item, index);
		const quantity = item.quantity ?? 1;
		const amount = price.unit_amount * quantity;
		return {
			id: newId('li'),
			object: 'item',
			adjustable_quantity: null,
			amount_discount: 0,
			amount_subtotal: amount,
			amount_tax: 0,
			amount_total: amount,
			currency: price.currency,
			description: sandbox.state.get('product', price.product)?.name ?? '',
			metadata: item.metadata ?? {},
			price,
			quantity,
		};
	});
	if (new Set(lines.map(({ currency }) => currency)).size > 1) {
		throw refused('All prices on a Checkout Session must have the same currency.', {
			param: 'line_items',
		});
	}
	const recurring = lines.filter(({ price }) => price.recurring !== null).length;
	if (given.mode === 'payment' && recurring > 0) {
		throw refused(
			'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.',
			{ param: 'mode' },
		);
	}
	if (given.mode === 'subscription' && recurring === 0) {
		throw refused(
			'You must provide at least one recurring price in `subscription` mode when using prices.',
			{ param: 'mode' },
		);
	}
	return lines;
}

function priceOf(sandbox: Sandbox, item: NewSession['line_items'][number], index: number): Price {
	if (item.price !== undefined) {
		const price = sandbox.state.require('price', item.price, `line_items[${index}][price]`);
		if (!price.active)
			throw refused('The price specified is inactive. This field only accepts active prices.', {
				param: `line_items[${index}][price]`,
			});
		return price;
	}
	if (item.price_data !== undefined) return createPrice(sandbox, item.price_data);
	throw refused(`Missing required param: line_items[${index}][price].`, {
		code: 'parameter_missing',
		param: `line_items[${index}][price]`,
	});
}

export function detailsOf(
	email: string | null,
	name: string | null,
): CheckoutSession['customer_details'] {
	return { address: null, email, name, phone: null, tax_exempt: 'none', tax_ids: [] };
}

export function planOf({ state }: Sandbox, session: CheckoutSession): SessionPlan {
	return state.setting<SessionPlan>(`plan:${session.id}`, {
		lines: [],
		intent: {},
		subscription: {},
		coupon: null,
	});
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
