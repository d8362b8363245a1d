import type { PaymentNames, PaymentSucceeded } from '../gateways/gateway.ts';
import type { Payment, Rejection } from './schema.ts';

// That the order is paid already, cancelled or sold out is for the order to say.
export function whyNot(
	payment: Payment,
	{ amount, currency }: PaymentSucceeded,
): Rejection | undefined {
	if (payment.superseded) return 'wrong_amount';
	if (currency !== payment.currency) return 'wrong_currency';
	return amount === payment.amount ? undefined : 'wrong_amount';
}

// A page is paid once; should it bring in two payments all the same, the second is one of its own.
export function isAnother(payment: Payment, { paymentRef, invoiceRef }: PaymentNames): boolean {
	return differ(payment.paymentRef, paymentRef) || differ(payment.invoiceRef, invoiceRef);
}

/** Two names that can't be of one payment. */
export function differ(known: string | null, told: string | undefined): boolean {
	return known !== null && told !== undefined && known !== told;
}
