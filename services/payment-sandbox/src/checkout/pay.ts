import { createCustomer, type Customer } from '../billing/customers.ts';
import { markPaid } from '../billing/invoice-status.ts';
import { intentOf } from '../billing/collect.ts';
import { createSubscription } from '../billing/new-subscription.ts';
import { confirmIntent, declineFor, type Confirmation } from '../payments/confirm.ts';
import { createIntent, type PaymentIntent } from '../payments/intent.ts';
import { createMethod, type Means, type PaymentMethod, typeOf } from '../payments/methods.ts';
import { nowOf, save, type Sandbox } from '../sandbox.ts';
import { unschedule } from '../state/timers.ts';
import { refused } from '../wire/error.ts';
import { planOf } from './plan.ts';
import { detailsOf, type CheckoutSession } from './session.ts';

/** Who pays, as typed into the page. */
export interface Buyer {
	/** The test card or test account. */
	means: Means;
	email: string | null;
	name: string | null;
	/** The bank's question has been answered. */
	authentication?: 'passed' | 'failed';
}

/**
 * How it went: the bank's question comes before a payment, a decline leaves the session open. `processing` is done for
 * the buyer, but the money has yet to come.
 */
export type PayOutcome =
	| { outcome: 'paid' | 'processing'; session: CheckoutSession }
	| { outcome: 'declined'; message: string; code: string; declineCode: string | undefined }
	| { outcome: 'authenticate' };

const DAY = 86_400;

/**
 * A buyer pays an open session. One transaction: either all of it happened, or a decline with its failed charge.
 * @throws {StripeError} 400 for a session that is over, or a method that it does not offer
 */
export function paySession(sandbox: Sandbox, session: CheckoutSession, buyer: Buyer): PayOutcome {
	if (session.status !== 'open')
		throw refused('This session is not open any more.', { code: 'checkout_session_not_open' });
	const type = typeOf(buyer.means);
	if (!session.payment_method_types.includes(type)) {
		throw refused(
			`This session takes no ${type}, only ${session.payment_method_types.join(', ')}.`,
			{ code: 'payment_intent_incompatible_payment_method' },
		);
	}
	const known =
		session.customer === null ? undefined : sandbox.state.require('customer', session.customer);
	const email = buyer.email ?? session.customer_email ?? known?.email ?? null;
	const who = { ...buyer, email, known };
	return session.mode === 'payment'
		? payOnce(sandbox, session, who)
		: subscribe(sandbox, session, who);
}

type Known = Buyer & { known: Customer | undefined };

function payOnce(sandbox: Sandbox, session: CheckoutSession, buyer: Known): PayOutcome {
	const plan = planOf(sandbox, session);
	const name = buyer.name ?? buyer.known?.name ?? null;
	const wanted =
		session.customer_creation === 'always' || plan.intent.setup_future_usage !== undefined;
	const customer =
		buyer.known ?? (wanted ? createCustomer(sandbox, { email: buyer.email, name }) : undefined);
	if (session.amount_total === 0) {
		return complete(
			sandbox,
			{ ...session, payment_status: 'no_payment_required' },
			{ buyer, customer },
		);
	}
	const intent =
		(session.payment_intent === null
			? undefined
			: sandbox.state.get('payment_intent', session.payment_intent)) ??
		createIntent(sandbox, {
			...plan.intent,
			amount: session.amount_total,
			currency: session.currency,
			customer: customer?.id ?? null,
			methodTypes: session.payment_method_types,
			shipping: plan.intent.shipping ?? null,
		});
	const method = createMethod(sandbox, buyer.means, {
		customer: customer?.id ?? null,
		email: buyer.email,
		name,
	});
	const after = confirmIntent(sandbox, intent, method, confirmationOf(session, buyer));
	const tied: CheckoutSession = { ...session, payment_intent: after.id };
	const unpaid = after.status === 'requires_capture' || after.status === 'processing';
	if (after.status === 'succeeded' || unpaid) {
		return complete(
			sandbox,
			{ ...tied, payment_status: unpaid ? 'unpaid' : 'paid' },
			{ buyer, customer, isUnderWay: after.status === 'processing' },
		);
	}
	sandbox.state.put(tied);
	return outcomeOf(after);
}

function confirmationOf(session: CheckoutSession, buyer: Buyer): Confirmation {
	return {
		onSession: true,
		returnUrl: session.success_url,
		...(buyer.authentication === undefined ? {} : { authentication: buyer.authentication }),
	};
}

function outcomeOf(intent: PaymentIntent): PayOutcome {
	if (intent.status === 'requires_action') return { outcome: 'authenticate' };
	const {
		code = 'card_declined',
		decline_code: declineCode,
		message = '',
	} = intent.last_payment_error ?? {};
	return { outcome: 'declined', code, declineCode, message };
}

/** As at Stripe, the subscription exists only once its first payment went through (or its trial needs none). */
function subscribe(sandbox: Sandbox, session: CheckoutSession, buyer: Known): PayOutcome {
	const plan = planOf(sandbox, session);
	// Refused before anything is made: the session stays open, and no half subscription is left.
	const refusal = refusalOf(buyer);
	if (refusal !== undefined) return refusal;
	const customer = buyer.known ?? createCustomer(sandbox, { email: buyer.email, name: buyer.name });
	const method = createMethod(sandbox, buyer.means, {
		customer: customer.id,
		email: buyer.email,
		name: buyer.name,
	});
	save(sandbox, method, 'payment_method.attached');
	const now = nowOf(sandbox, customer.test_clock);
	const { trial_period_days: days, trial_end: end } = plan.subscription;
	const made = createSubscription(sandbox, {
		customer,
		items: plan.lines.filter(({ price }) => price.recurring !== null),
		oneTime: plan.lines.filter(({ price }) => price.recurring === null),
		method: method.id,
		metadata: plan.subscription.metadata ?? {},
		description: plan.subscription.description ?? null,
		trialEnd: end ?? (days === undefined ? null : now + days * DAY),
		coupon: plan.coupon ?? undefined,
		isPaidFor: true,
	});
	const paid =
		made.invoice.status === 'open' && payFirstInvoice(sandbox, { ...made, method, session, buyer });
	const status = session.amount_total === 0 && !paid ? 'no_payment_required' : 'paid';
	return complete(
		sandbox,
		{
			...session,
			customer: customer.id,
			invoice: made.invoice.id,
			payment_status: status,
			subscription: made.subscription.id,
		},
		{ buyer, customer },
	);
}

function refusalOf(buyer: Buyer): PayOutcome | undefined {
	const { means: card, authentication } = buyer;
	if ('iban' in card) return undefined;
	if (card.authentication !== undefined && authentication === undefined)
		return { outcome: 'authenticate' };
	const decline = declineFor(card, {
		onSession: true,
		...(authentication === undefined ? {} : { authentication }),
	});
	return decline === undefined ? undefined : { outcome: 'declined', ...decline };
}

function payFirstInvoice(
	sandbox: Sandbox,
	first: ReturnType<typeof createSubscription> & {
		method: PaymentMethod;
		session: CheckoutSession;
		buyer: Buyer;
	},
): boolean {
	const { subscription, invoice, method, session, buyer } = first;
	const intent = confirmIntent(sandbox, intentOf(sandbox, invoice), method, {
		...confirmationOf(session, buyer),
		testClock: subscription.test_clock,
	});
	if (intent.status !== 'succeeded') throw new Error(`a card that passed was ${intent.status}`);
	markPaid(sandbox, invoice, intent.id);
	return true;
}

function complete(
	sandbox: Sandbox,
	session: CheckoutSession,
	{
		buyer,
		customer,
		isUnderWay = false,
	}: { buyer: Known; customer: Customer | undefined; isUnderWay?: boolean },
): PayOutcome {
	unschedule(sandbox, 'session.expire', session.id);
	const done: CheckoutSession = {
		...session,
		customer: customer?.id ?? session.customer,
		customer_details: detailsOf(buyer.email, buyer.name ?? customer?.name ?? null),
		status: 'complete',
		url: null,
	};
	save(sandbox, done, 'checkout.session.completed');
	return { outcome: isUnderWay ? 'processing' : 'paid', session: done };
}

/** Where the buyer goes next. */
export function successUrl(session: CheckoutSession): string {
	return (session.success_url ?? '/').replaceAll('{CHECKOUT_SESSION_ID}', session.id);
}
