import Stripe from 'stripe';
import { stepOf } from '../money/currencies.ts';
import {
	type CancelOptions,
	type CheckoutLine,
	type CheckoutRequest,
	type Gateway,
	GatewayRefused,
} from './gateway.ts';
import { toStripeAmount } from './stripe-amounts.ts';
import { readStripeEvent, refundOf, subscriptionOf } from './stripe-facts.ts';
import { fetchStripeObject, listRecentOfStripe } from './stripe-lists.ts';
import { stripeEventOf, verifyStripeSignature } from './stripe-webhook.ts';
import { secretMissing } from './webhook-problems.ts';

export interface StripeOptions {
	secretKey: string;
	webhookSecret: string | undefined;
	/** Of the payment sandbox; Stripe itself when not given. */
	apiUrl: string | undefined;
}

/** Stripe by its own client, version 23. Amounts, names and states are translated in the files beside this one. */
export function createStripeGateway(options: StripeOptions): Gateway {
	const stripe = new Stripe(options.secretKey, {
		telemetry: false,
		maxNetworkRetries: 2,
		timeout: 20_000,
		...hostOf(options.apiUrl),
	});
	return {
		name: 'stripe',
		async createCheckout(request) {
			return refusing(async () => {
				const discounts = await discountsOf(stripe, request);
				const session = await stripe.checkout.sessions.create(
					{ ...sessionOf(request), ...discounts },
					{ idempotencyKey: `checkout-${request.paymentId}` },
				);
				if (session.url === null) throw new Error(`Session ${session.id} has no page.`);
				return {
					sessionRef: session.id,
					url: session.url,
					expiresAt: new Date(session.expires_at * 1000),
				};
			});
		},
		async expireCheckout(sessionRef) {
			const isOpen = async () =>
				(await stripe.checkout.sessions.retrieve(sessionRef)).status === 'open';
			if (!(await isOpen())) return;
			try {
				await refusing(() => stripe.checkout.sessions.expire(sessionRef));
			} catch (error) {
				// Somebody else was faster: the worker, another request, or the buyer who has paid.
				if (!(error instanceof GatewayRefused) || (await isOpen())) throw error;
			}
		},
		async refund(request) {
			return refusing(async () => {
				const paid = request.paymentRef ?? (await intentOfInvoice(stripe, request.invoiceRef));
				const refund = await stripe.refunds.create(
					{
						...(paid === null ? { charge: request.chargeRef ?? '' } : { payment_intent: paid }),
						amount: toStripeAmount(request.amount, request.currency),
						metadata: { order_id: request.orderId, refund_id: request.refundId },
						...(request.reason === 'duplicate' || request.reason === 'fraudulent'
							? { reason: request.reason }
							: {}),
					},
					{ idempotencyKey: `refund-${request.refundId}` },
				);
				return refundOf(refund);
			});
		},
		cancelSubscription: (ref, options) =>
			refusing(async () => subscriptionOf(await cancelled(stripe, ref, options))),
		pauseSubscription: (ref) =>
			refusing(async () =>
				subscriptionOf(
					await stripe.subscriptions.update(ref, { pause_collection: { behavior: 'void' } }),
				),
			),
		// Also takes back a cancellation that has not come yet: both mean "go on".
		resumeSubscription: (ref) =>
			refusing(async () =>
				subscriptionOf(
					await stripe.subscriptions.update(ref, {
						pause_collection: '',
						cancel_at_period_end: false,
					}),
				),
			),
		portalUrl: (customerRef, returnUrl) =>
			refusing(async () => {
				const { url } = await stripe.billingPortal.sessions.create({
					customer: customerRef,
					return_url: returnUrl,
				});
				return url;
			}),
		verifyWebhook(body, headers) {
			if (options.webhookSecret === undefined) throw secretMissing('STRIPE_WEBHOOK_SECRET');
			verifyStripeSignature(stripe, body, headers['stripe-signature'], options.webhookSecret);
			return stripeEventOf(body.toString('utf8'));
		},
		interpret: readStripeEvent,
		fetch: (event) => fetchStripeObject(stripe, event),
		listRecent: (from, to) => listRecentOfStripe(stripe, { from, to }),
	};
}

function sessionOf(request: CheckoutRequest): Stripe.Checkout.SessionCreateParams {
	const metadata = { order_id: request.orderId, payment_id: request.paymentId };
	const recurring = request.lines.some((line) => line.recurring !== undefined);
	const common: Stripe.Checkout.SessionCreateParams = {
		line_items: request.lines.map((line) => lineItemOf(line, request.currency)),
		client_reference_id: request.orderId,
		metadata,
		success_url: request.successUrl,
		cancel_url: request.cancelUrl,
		expires_at: Math.floor(request.expiresAt.getTime() / 1000),
		...(request.customerRef === undefined
			? { customer_email: request.email }
			: { customer: request.customerRef }),
	};
	if (!recurring) {
		return {
			...common,
			mode: 'payment',
			payment_intent_data: { metadata, description: `Order ${request.orderNumber}` },
		};
	}
	return {
		...common,
		mode: 'subscription',
		subscription_data: {
			metadata,
			description: `Order ${request.orderNumber}`,
			...(request.trialDays > 0 ? { trial_period_days: request.trialDays } : {}),
		},
	};
}

// Our totals hold discount and tax already. Where they can't be divided by the quantity, one item stands for all.
function lineItemOf(
	{ title, quantity, total, recurring }: CheckoutLine,
	currency: string,
): Stripe.Checkout.SessionCreateParams.LineItem {
	const amount = toStripeAmount(total, currency);
	const even = amount % (quantity * stepOf(currency)) === 0;
	return {
		quantity: even ? quantity : 1,
		price_data: {
			currency: currency.toLowerCase(),
			unit_amount: even ? amount / quantity : amount,
			product_data: { name: even ? title : `${quantity} x ${title}` },
			...(recurring === undefined
				? {}
				: {
						recurring: {
							interval: recurring.interval,
							interval_count: recurring.intervalCount,
						},
					}),
		},
	};
}

// Lines hold the full price of a plan, which renewals cost once the discount is over.
async function discountsOf(
	stripe: Stripe,
	{ paymentId, orderNumber, discountOnce, discountEvery = 0, currency }: CheckoutRequest,
): Promise<Pick<Stripe.Checkout.SessionCreateParams, 'discounts'>> {
	const amount = discountOnce + discountEvery;
	if (amount === 0) return {};
	const coupon = await stripe.coupons.create(
		{
			amount_off: toStripeAmount(amount, currency),
			currency: currency.toLowerCase(),
			duration: discountEvery > 0 ? 'forever' : 'once',
			max_redemptions: 1,
			name: `Order ${orderNumber}`,
		},
		{ idempotencyKey: `coupon-${paymentId}` },
	);
	return { discounts: [{ coupon: coupon.id }] };
}

async function cancelled(
	stripe: Stripe,
	ref: string,
	{ atPeriodEnd, idempotencyKey }: CancelOptions,
): Promise<Stripe.Subscription> {
	const options = idempotencyKey === undefined ? {} : { idempotencyKey };
	if (atPeriodEnd) return stripe.subscriptions.update(ref, { cancel_at_period_end: true }, options);
	try {
		return await stripe.subscriptions.cancel(ref, {}, options);
	} catch (error) {
		if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
		// Stripe keeps no answers to DELETE: asked again after a lost one, it says that there is no such subscription.
		const now = await stripe.subscriptions.retrieve(ref);
		if (now.status !== 'canceled') throw error;
		return now;
	}
}

async function intentOfInvoice(stripe: Stripe, invoiceRef: string | null): Promise<string | null> {
	if (invoiceRef === null) return null;
	const { payments } = await stripe.invoices.retrieve(invoiceRef, { expand: ['payments'] });
	const intent = payments?.data[0]?.payment.payment_intent;
	return typeof intent === 'string' ? intent : (intent?.id ?? null);
}

const NO = new Set([
	'StripeInvalidRequestError',
	'StripeIdempotencyError',
	'StripePermissionError',
	'StripeAuthenticationError',
	'StripeCardError',
]);

async function refusing<Result>(ask: () => Promise<Result>): Promise<Result> {
	try {
		return await ask();
	} catch (error) {
		if (!(error instanceof Stripe.errors.StripeError) || !NO.has(error.type)) throw error;
		throw new GatewayRefused(error.code ?? error.type, error.message, error);
	}
}

function hostOf(apiUrl: string | undefined): Partial<Stripe.StripeConfig> {
	if (apiUrl === undefined) return {};
	const url = new URL(apiUrl);
	const protocol = url.protocol === 'https:' ? 'https' : 'http';
	const port = url.port === '' ? (protocol === 'https' ? 443 : 80) : Number(url.port);
	return { host: url.hostname, port, protocol };
}
