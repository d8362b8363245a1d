import type { CheckoutSession } from '../checkout/session.ts';
import { nowOf, save, type Sandbox } from '../sandbox.ts';
import { schedule, unschedule } from '../state/timers.ts';
import { bookCharge, type Charge, chargeOf } from './charge.ts';
import type { Confirmation } from './confirm.ts';
import { failureMessage } from './debits.ts';
import { openDispute } from './disputes.ts';
import { unexpected } from './intent-errors.ts';
import type { PaymentIntent } from './intent.ts';
import { debitBehaviourOf, type DebitMethod } from './methods.ts';

/** When banks answer. Set by PUT /_sandbox/debits. */
export interface DebitPace {
	/** How long the money is under way. */
	seconds: number;
	/** The same for the test accounts whose bank takes its time; Stripe says "at least three minutes". */
	delayedSeconds: number;
	/** No bank answers by itself: each one is told what to say. */
	hold: boolean;
}

const DELAYED_S = 180;

/** What holds until somebody sets it. */
export function debitPace({ state, config }: Sandbox): DebitPace {
	const fallback = { seconds: config.DEBIT_SECONDS, delayedSeconds: DELAYED_S, hold: false };
	return state.setting<DebitPace>('debits', fallback);
}

/** What a bank may say; by itself it says what its test account stands for. */
export type BankAnswer = 'pays' | 'refuses';

/** The bank is asked for the money: the intent is `processing`, until a timer or somebody lets the bank answer. */
export function startDebit(
	sandbox: Sandbox,
	intent: PaymentIntent,
	method: DebitMethod,
	{ testClock }: Confirmation,
): PaymentIntent {
	const clock = testClock ?? clockOf(sandbox, intent);
	const charge: Charge = {
		...chargeOf(sandbox, intent, method, clock),
		...{ paid: false, receipt_url: null, status: 'pending' },
	};
	save(sandbox, charge, 'charge.pending');
	const after: PaymentIntent = {
		...intent,
		latest_charge: charge.id,
		last_payment_error: null,
		next_action: null,
		payment_method: method.id,
		status: 'processing',
	};
	save(sandbox, after, 'payment_intent.processing');
	const { hold, seconds, delayedSeconds } = debitPace(sandbox);
	if (!hold) {
		const wait = debitBehaviourOf(method).isDelayed === true ? delayedSeconds : seconds;
		schedule(sandbox, 'debit.settle', after.id, nowOf(sandbox, clock) + wait, clock);
	}
	return after;
}

// A customer's test clock is the clock of all that they pay.
function clockOf({ state }: Sandbox, { customer }: PaymentIntent): string | null {
	return customer === null ? null : (state.get('customer', customer)?.test_clock ?? null);
}

/**
 * The bank answers, once: a debit that has its answer keeps it.
 * @param answer  what the bank is told to say; what its test account stands for when not given
 * @returns the intent as it then is, or undefined when no bank is working on it
 */
export function settleDebit(
	sandbox: Sandbox,
	id: string,
	answer?: BankAnswer,
): PaymentIntent | undefined {
	const { state } = sandbox;
	const intent = state.get('payment_intent', id);
	if (intent?.status !== 'processing') return undefined;
	unschedule(sandbox, 'debit.settle', id);
	const method = state.require('payment_method', intent.payment_method ?? '');
	if (method.type !== 'sepa_debit') return undefined;
	const { failure, isDisputed } = debitBehaviourOf(method);
	const pending = state.require('charge', intent.latest_charge ?? '');
	const refuses = answer === undefined ? failure !== undefined : answer === 'refuses';
	if (refuses) return failed(sandbox, { intent, method, pending, code: failure ?? 'bank_refused' });
	const paid = succeeded(sandbox, intent, pending);
	if (isDisputed === true) openDispute(sandbox, paid.charge, 'debit_not_authorized');
	return paid.intent;
}

/** Lets a bank answer now; 400 when none is working on the intent. */
export function answerDebit(
	sandbox: Sandbox,
	intent: PaymentIntent,
	answer?: BankAnswer,
): PaymentIntent {
	const after = settleDebit(sandbox, intent.id, answer);
	if (after === undefined) throw unexpected(intent, 'settled');
	return after;
}

function succeeded(
	sandbox: Sandbox,
	intent: PaymentIntent,
	pending: Charge,
): { intent: PaymentIntent; charge: Charge } {
	const charge: Charge = {
		...pending,
		paid: true,
		receipt_url: `${sandbox.config.PUBLIC_URL}/receipts/${pending.id}`,
		status: 'succeeded',
	};
	bookCharge(sandbox, charge, clockOf(sandbox, intent));
	save(sandbox, charge, 'charge.succeeded');
	const after: PaymentIntent = { ...intent, amount_received: intent.amount, status: 'succeeded' };
	save(sandbox, after, 'payment_intent.succeeded');
	for (const session of waitingSessions(sandbox, intent)) {
		const paid: CheckoutSession = { ...session, payment_status: 'paid' };
		save(sandbox, paid, 'checkout.session.async_payment_succeeded');
	}
	return { intent: after, charge };
}

function failed(
	sandbox: Sandbox,
	debit: { intent: PaymentIntent; method: DebitMethod; pending: Charge; code: string },
): PaymentIntent {
	const { intent, method, pending, code } = debit;
	const message = failureMessage(code);
	const charge: Charge = {
		...pending,
		...{ captured: false, amount_captured: 0, failure_code: code, failure_message: message },
		outcome: {
			...{ advice_code: null, network_advice_code: null, network_decline_code: null },
			...{ network_status: 'declined_by_network', reason: code },
			...{ risk_level: 'not_assessed', seller_message: message, type: 'issuer_declined' },
		},
		status: 'failed',
	};
	save(sandbox, charge, 'charge.failed');
	const error = 'payment_intent_payment_attempt_failed';
	const after: PaymentIntent = {
		...intent,
		last_payment_error: {
			charge: charge.id,
			code: error,
			doc_url: `https://docs.stripe.com/error-codes/${error.replaceAll('_', '-')}`,
			message,
			payment_method: method,
			type: 'invalid_request_error',
		},
		payment_method: null,
		status: 'requires_payment_method',
	};
	save(sandbox, after, 'payment_intent.payment_failed');
	for (const session of waitingSessions(sandbox, intent)) {
		save(sandbox, session, 'checkout.session.async_payment_failed');
	}
	return after;
}

// The page of a debit is done with, so that nobody pays twice; only its money was missing.
function waitingSessions({ state }: Sandbox, { id }: PaymentIntent): CheckoutSession[] {
	return state
		.all('checkout.session', { payment_intent: id })
		.filter(({ status, payment_status: paid }) => status === 'complete' && paid === 'unpaid');
}

/** A debit that a bank is working on. */
export interface DebitUnderWay {
	intent: PaymentIntent;
	method: DebitMethod;
	/** Unix seconds at which the bank answers by itself, if it does. */
	due: number | null;
}

/** All debits that banks are working on, the newest first. */
export function debitsUnderWay({ state }: Sandbox): DebitUnderWay[] {
	const timer = state.sql(`SELECT due FROM timers WHERE id = ? AND action = 'debit.settle'`);
	return state
		.all('payment_intent', { status: 'processing' })
		.reverse()
		.flatMap((intent) => {
			const method = state.get('payment_method', intent.payment_method ?? '');
			if (method?.type !== 'sepa_debit') return [];
			const due = timer.get(intent.id)?.['due'];
			return [{ intent, method, due: due === undefined ? null : Number(due) }];
		});
}
