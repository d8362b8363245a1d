import type { CheckoutSession } from '../checkout/session.ts';
import type { Price, Product } from '../billing/catalogue.ts';
import type { Coupon } from '../billing/coupon.ts';
import type { Customer } from '../billing/customers.ts';
import type { Invoice } from '../billing/invoice.ts';
import type { InvoicePayment } from '../billing/invoice-payments.ts';
import type { PortalSession } from '../billing/portal.ts';
import type { Subscription } from '../billing/subscription.ts';
import type { TestClock } from '../billing/clocks.ts';
import type { BalanceTransaction, Payout } from '../money/balance.ts';
import type { Charge } from '../payments/charge.ts';
import type { Dispute } from '../payments/disputes.ts';
import type { PaymentIntent } from '../payments/intent.ts';
import type { PaymentMethod } from '../payments/methods.ts';
import type { Refund } from '../payments/refunds.ts';
import type { Event } from '../webhooks/events.ts';
import type { WebhookEndpoint } from '../webhooks/endpoints.ts';
import type { RazorpayLink, RazorpayPayment, RazorpayRefund } from '../razorpay/objects.ts';

/** Every kind of object, by the word it carries in `object`. */
export interface Kinds {
	balance_transaction: BalanceTransaction;
	'billing_portal.session': PortalSession;
	charge: Charge;
	'checkout.session': CheckoutSession;
	coupon: Coupon;
	customer: Customer;
	dispute: Dispute;
	event: Event;
	invoice: Invoice;
	invoice_payment: InvoicePayment;
	payment_intent: PaymentIntent;
	payment_method: PaymentMethod;
	payout: Payout;
	price: Price;
	product: Product;
	refund: Refund;
	subscription: Subscription;
	'test_helpers.test_clock': TestClock;
	webhook_endpoint: WebhookEndpoint;
	'razorpay.link': RazorpayLink;
	'razorpay.payment': RazorpayPayment;
	'razorpay.refund': RazorpayRefund;
}
export type Kind = keyof Kinds;
export type StripeObject = Kinds[Kind];
