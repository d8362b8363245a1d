import { unprocessable } from '@autopilot/http';

// https://docs.stripe.com/currencies: two that have no minor unit are sent with two decimals all the same, and amounts
// of three decimals must end in 0. All others are as in our own table.
const SENT_AS_HUNDREDTHS = new Set(['ISK', 'UGX']);
const LAST_DIGIT_ZERO = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND']);

/** @throws {Problem} 422 for an amount that Stripe can't take */
export function toStripeAmount(amount: number, currency: string): number {
	if (SENT_AS_HUNDREDTHS.has(currency)) return amount * 100;
	if (LAST_DIGIT_ZERO.has(currency) && amount % 10 !== 0) {
		throw unprocessable(
			'amount_not_chargeable',
			`The gateway takes ${currency} with two decimals only: ${amount} does not end in 0. Round the prices.`,
		);
	}
	return amount;
}

/** @param currency  in either case */
export function fromStripeAmount(amount: number, currency: string): number {
	return SENT_AS_HUNDREDTHS.has(currency.toUpperCase()) ? Math.round(amount / 100) : amount;
}
