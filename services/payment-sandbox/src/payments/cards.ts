/** What happens when one of Stripe's test cards is charged. */
export interface CardBehaviour {
	number: string;
	brand: 'visa' | 'mastercard' | 'amex';
	/** For people, on the pay page. */
	label: string;
	/** Stripe's name for a ready-made payment method: `pm_card_<alias>`. */
	alias: string;
	decline?: { code: string; declineCode?: string };
	/** Saving the card works and so does a first payment with the buyer present; later ones are declined. */
	failsOffSession?: true;
	authentication?: 'required' | 'required_then_declined';
	dispute?: 'fraudulent' | 'product_not_received';
	refund?: 'pending' | 'fails';
}

/** Stripe's published test numbers. */
export const CARDS: CardBehaviour[] = [
	{ number: '4242424242424242', brand: 'visa', alias: 'visa', label: 'Payment succeeds' },
	{
		number: '5555555555554444',
		brand: 'mastercard',
		alias: 'mastercard',
		label: 'Payment succeeds',
	},
	{ number: '378282246310005', brand: 'amex', alias: 'amex', label: 'Payment succeeds' },
	{
		...{ number: '4000002500003155', brand: 'visa', alias: 'authenticationRequiredOnSetup' },
		...{ label: 'Bank asks for confirmation', authentication: 'required' },
	},
	{
		...{ number: '4000000000003220', brand: 'visa', alias: 'threeDSecure2Required' },
		...{ label: 'Bank asks for confirmation, always', authentication: 'required' },
	},
	{
		...{ number: '4000008400001629', brand: 'visa', alias: 'threeDSecureRequiredChargeDeclined' },
		...{ label: 'Declined after confirmation', authentication: 'required_then_declined' },
	},
	{
		...{ number: '4000000000000002', brand: 'visa', alias: 'chargeDeclined' },
		...{ label: 'Declined', decline: { code: 'card_declined', declineCode: 'generic_decline' } },
	},
	{
		...{ number: '4000000000009995', brand: 'visa', alias: 'chargeDeclinedInsufficientFunds' },
		...{
			label: 'Insufficient funds',
			decline: { code: 'card_declined', declineCode: 'insufficient_funds' },
		},
	},
	{
		...{ number: '4000000000009987', brand: 'visa', alias: 'chargeDeclinedLostCard' },
		...{ label: 'Lost card', decline: { code: 'card_declined', declineCode: 'lost_card' } },
	},
	{
		...{ number: '4000000000000069', brand: 'visa', alias: 'chargeDeclinedExpiredCard' },
		...{ label: 'Expired card', decline: { code: 'expired_card' } },
	},
	{
		...{ number: '4000000000000127', brand: 'visa', alias: 'chargeDeclinedIncorrectCvc' },
		...{ label: 'Wrong security code', decline: { code: 'incorrect_cvc' } },
	},
	{
		...{ number: '4000000000000119', brand: 'visa', alias: 'chargeDeclinedProcessingError' },
		...{ label: 'Processing error', decline: { code: 'processing_error' } },
	},
	{
		...{ number: '4000000000000341', brand: 'visa', alias: 'chargeCustomerFail' },
		...{ label: 'Pays now, renewals fail', failsOffSession: true },
	},
	{
		...{ number: '4000000000000259', brand: 'visa', alias: 'createDispute' },
		...{ label: 'Pays, then disputed as fraudulent', dispute: 'fraudulent' },
	},
	{
		...{ number: '4000000000002685', brand: 'visa', alias: 'createDisputeProductNotReceived' },
		...{ label: 'Pays, then disputed: not received', dispute: 'product_not_received' },
	},
	{
		...{ number: '4000000000007726', brand: 'visa', alias: 'pendingRefund' },
		...{ label: 'Pays; a refund stays pending a while', refund: 'pending' },
	},
	{
		...{ number: '4000000000005126', brand: 'visa', alias: 'refundFail' },
		...{ label: 'Pays; a refund fails later', refund: 'fails' },
	},
];

const byNumber = new Map(CARDS.map((card) => [card.number, card]));
const byAlias = new Map(CARDS.map((card) => [`pm_card_${card.alias}`, card]));

/** The test card of a number, with or without spaces. */
export function cardOfNumber(number: string): CardBehaviour | undefined {
	return byNumber.get(number.replace(/[\s-]/g, ''));
}

/** The test card of one of Stripe's ready-made ids: `pm_card_visa`. */
export function cardOfAlias(id: string): CardBehaviour | undefined {
	return byAlias.get(id);
}

const MESSAGES: Record<string, string> = {
	generic_decline: 'Your card was declined.',
	insufficient_funds: 'Your card has insufficient funds.',
	lost_card: 'Your card was declined.',
	expired_card: 'Your card has expired.',
	incorrect_cvc: "Your card's security code is incorrect.",
	processing_error: 'An error occurred while processing your card. Try again in a little bit.',
	authentication_required: 'Your card was declined. This transaction requires authentication.',
	payment_intent_authentication_failure:
		'The provided payment method has failed authentication. Try another payment method.',
};

/** Why the bank said no, in Stripe's words. */
export interface Decline {
	code: string;
	declineCode: string | undefined;
	message: string;
}

/** A decline with the message that Stripe shows for it. */
export function declineOf(code: string, declineCode?: string): Decline {
	return {
		code,
		declineCode,
		message: MESSAGES[declineCode ?? code] ?? MESSAGES[code] ?? 'Your card was declined.',
	};
}
