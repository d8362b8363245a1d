import { z } from 'zod';
import { refused } from '../wire/error.ts';

/** What the account of the sandbox takes, in the order in which the pay page shows it. */
const ACTIVATED = ['card', 'sepa_debit'] as const;
export type MethodType = (typeof ACTIVATED)[number];

/** Stripe's limit of one SEPA debit, in cents. */
const MOST_BY_DEBIT = 1_000_000;

/** All that Stripe knows: whoever names another one has made a mistake, one that is not activated is just not offered. */
export const methodType = z.enum([
	...(['acss_debit', 'affirm', 'afterpay_clearpay', 'alipay', 'alma', 'amazon_pay'] as const),
	...(['au_becs_debit', 'bacs_debit', 'bancontact', 'billie', 'bizum', 'blik', 'boleto'] as const),
	...(['card', 'card_present', 'cashapp', 'crypto', 'customer_balance', 'eps', 'fpx'] as const),
	...(['giropay', 'grabpay', 'ideal', 'interac_present', 'kakao_pay', 'klarna'] as const),
	...(['konbini', 'kr_card', 'link', 'mb_way', 'mobilepay', 'multibanco', 'naver_pay'] as const),
	...(['nz_bank_account', 'oxxo', 'p24', 'pay_by_bank', 'payco', 'paynow', 'paypal'] as const),
	...(['paypay', 'payto', 'pix', 'promptpay', 'revolut_pay', 'samsung_pay', 'satispay'] as const),
	...(['scalapay', 'sepa_debit', 'sequra', 'sofort', 'sunbit', 'swish', 'twint', 'upi'] as const),
	...(['us_bank_account', 'wechat_pay', 'zip'] as const),
]);

/** What is to be paid, as far as it decides by which methods it can be. */
export interface Payable {
	amount: number;
	currency: string;
	/** Taken again by itself, or later: accounts are not kept for that here. */
	recurs: boolean;
	/** Held first, captured later: only cards can. */
	isHeld: boolean;
}

/** `allowed_payment_method_types` and `excluded_payment_method_types`: both only take away. */
export interface MethodFilter {
	allowed?: readonly string[] | undefined;
	excluded?: readonly string[] | undefined;
}

/**
 * By which methods something can be paid: those that are activated and fit, less what the request leaves out.
 * @throws {StripeError} 400 when none is left, as Stripe words it
 */
export function offeredTypes(payable: Payable, filter: MethodFilter, noun: string): MethodType[] {
	const { allowed, excluded } = filter;
	const offered = ACTIVATED.filter(
		(type) =>
			fits(type, payable) &&
			(allowed === undefined || allowed.includes(type)) &&
			excluded?.includes(type) !== true,
	);
	if (offered.length > 0) return offered;
	throw refused(
		`No valid payment method types for this ${noun}. Please ensure that you have activated payment methods compatible with your chosen currency in your dashboard (https://dashboard.stripe.com/settings/payment_methods). The payment sandbox has card, and sepa_debit for one-time payments of up to 10,000.00 in eur.`,
		allowed === undefined ? {} : { param: 'allowed_payment_method_types' },
	);
}

function fits(type: MethodType, { amount, currency, recurs, isHeld }: Payable): boolean {
	if (type === 'card') return true;
	return currency === 'eur' && !recurs && !isHeld && amount > 0 && amount <= MOST_BY_DEBIT;
}
