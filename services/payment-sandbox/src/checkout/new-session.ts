import type { NewPrice } from '../billing/catalogue.ts';
import { discountOf } from '../billing/coupon.ts';
import { offeredTypes } from '../payments/method-types.ts';
import { newId, nowOf, save, type Sandbox } from '../sandbox.ts';
import { schedule } from '../state/timers.ts';
import { refused } from '../wire/error.ts';
import { linesOf } from './line-items.ts';
import type { IntentData, SessionPlan, SubscriptionData } from './plan.ts';
import { detailsOf, type CheckoutSession } from './session.ts';

/** `POST /v1/checkout/sessions`. */
export interface NewSession {
	mode: 'payment' | 'subscription';
	line_items: {
		price?: string | undefined;
		price_data?: NewPrice | undefined;
		quantity?: number | undefined;
		metadata?: Record<string, string> | undefined;
	}[];
	success_url: string;
	allowed_payment_method_types?: string[] | undefined;
	cancel_url?: string | undefined;
	client_reference_id?: string | undefined;
	customer?: string | undefined;
	customer_creation?: 'always' | 'if_required' | undefined;
	customer_email?: string | undefined;
	currency?: string | undefined;
	discounts?: { coupon?: string | undefined }[] | undefined;
	excluded_payment_method_types?: string[] | undefined;
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

/** An open session and its plan; it expires by itself. 400 for what Stripe refuses. */
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
	const amount_total = dueNow - amount_discount;
	const currency = lines[0]?.currency ?? 'eur';
	const { capture_method: capture, setup_future_usage: later } = given.payment_intent_data ?? {};
	const payment_method_types = offeredTypes(
		{
			...{ amount: amount_total, currency, isHeld: capture === 'manual' },
			recurs: given.mode === 'subscription' || later !== undefined,
		},
		{ allowed: given.allowed_payment_method_types, excluded: given.excluded_payment_method_types },
		'Checkout Session',
	);
	const id = newId('cs_test');
	const session: CheckoutSession = {
		id,
		object: 'checkout.session',
		...{ adaptive_pricing: null, after_expiration: null, allow_promotion_codes: null },
		allowed_payment_method_types: given.allowed_payment_method_types ?? null,
		amount_subtotal,
		amount_total,
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
		currency,
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
		excluded_payment_method_types: given.excluded_payment_method_types ?? [],
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
		payment_method_types,
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
