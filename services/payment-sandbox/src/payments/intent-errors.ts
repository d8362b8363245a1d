import { refused, StripeError } from '../wire/error.ts';
import type { PaymentIntent } from './intent.ts';

/** 400 payment_intent_unexpected_state. */
export function unexpected(intent: PaymentIntent, verb: string): StripeError {
	return refused(
		`This PaymentIntent could not be ${verb} because it has a status of ${intent.status}.`,
		{ code: 'payment_intent_unexpected_state', payment_intent: intent },
	);
}

/** 402, as Stripe answers a confirmation that was declined; the failed charge stays. Nothing for one of which the bank has yet to tell. */
export function cardError(intent: PaymentIntent): StripeError | undefined {
	const error = intent.last_payment_error;
	if (error?.type !== 'card_error') return undefined;
	return new StripeError(402, error.message, {
		type: 'card_error',
		keepsEffects: true,
		code: error.code,
		doc_url: error.doc_url,
		...(error.decline_code === undefined ? {} : { decline_code: error.decline_code }),
		...(error.charge === undefined ? {} : { charge: error.charge }),
		payment_intent: intent,
		payment_method: error.payment_method,
	});
}
