import { save, type Sandbox } from '../sandbox.ts';
import { refused } from '../wire/error.ts';
import { declineOf, type CardBehaviour, type Decline } from './cards.ts';
import { bookCharge, chargeOf, type Charge } from './charge.ts';
import { openDispute } from './disputes.ts';
import type { PaymentIntent } from './intent.ts';
import { behaviourOf, type CardMethod, type PaymentMethod } from './methods.ts';
import { startDebit } from './slow.ts';

/** Under which circumstances a card is charged. */
export interface Confirmation {
	/** The buyer is there: false for renewals. */
	onSession: boolean;
	/** The bank's question has been answered: yes, no, or not yet asked. */
	authentication?: 'passed' | 'failed';
	returnUrl?: string | null;
	testClock?: string | null;
}

/**
 * Charges a card or an account. A decline is an outcome, not an exception: see `last_payment_error`.
 * @returns the intent as it then is: succeeded, requires_capture, requires_action or requires_payment_method; of an
 *   account `processing`, its outcome comes later
 * @throws {StripeError} 400 for a method that the intent does not take
 */
export function confirmIntent(
	sandbox: Sandbox,
	intent: PaymentIntent,
	method: PaymentMethod,
	confirmation: Confirmation,
): PaymentIntent {
	if (!intent.payment_method_types.includes(method.type)) {
		throw refused(
			`The PaymentMethod provided (${method.type}) is not allowed for this PaymentIntent. Please attach a different PaymentMethod of one of the following types: ${intent.payment_method_types.join(', ')}.`,
			{ code: 'payment_intent_incompatible_payment_method', param: 'payment_method' },
		);
	}
	if (method.type === 'sepa_debit') return startDebit(sandbox, intent, method, confirmation);
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

/** Why the bank will say no to this card, or nothing when it will not. */
export function declineFor(
	card: CardBehaviour,
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
	method: CardMethod,
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
