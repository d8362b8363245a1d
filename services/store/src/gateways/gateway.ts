/** What a payment gateway tells us, in our own words. Amounts are minor units of our currency table. */
export type Fact =
	| PaymentSucceeded
	| PaymentPending
	| PaymentFailed
	| CheckoutExpired
	| RefundChanged
	| DisputeChanged
	| SubscriptionChanged
	| InvoiceChanged
	| InvoiceLinked
	| PayoutChanged;

/** How a fact names its payment: any of these may be missing, and all that are there mean the same one. */
export interface PaymentNames {
	orderId: string | undefined;
	/** Our own id of it, which the gateway carries for us. */
	paymentId?: string | undefined;
	sessionRef?: string | undefined;
	paymentRef?: string | undefined;
	chargeRef?: string | undefined;
	invoiceRef?: string | undefined;
	customerRef?: string | undefined;
	subscriptionRef?: string | undefined;
}

export interface PaymentSucceeded extends PaymentNames {
	kind: 'payment_succeeded';
	amount: number;
	currency: string;
	/** What the gateway keeps, where the event says so. */
	fee?: number | undefined;
}

/** The buyer has done their part; a slow method (bank debit) has yet to come through. */
export interface PaymentPending extends PaymentNames {
	kind: 'payment_pending';
}

export interface PaymentFailed extends PaymentNames {
	kind: 'payment_failed';
	code: string;
	message: string;
	/** False after a declined card: the pay page is still open and the buyer may try another one. */
	final: boolean;
	/** The bank of a slow method has said it. Such a method always ends its page, so it is final once it was under way. */
	bySlowMethod?: boolean;
}

export interface CheckoutExpired extends PaymentNames {
	kind: 'checkout_expired';
}

export interface RefundChanged extends PaymentNames {
	kind: 'refund_changed';
	refundRef: string;
	/** Our id, when the refund was asked for by us. */
	refundId: string | undefined;
	amount: number;
	currency: string;
	status: 'pending' | 'succeeded' | 'failed';
	reason: string | undefined;
	failure: string | undefined;
}

export interface DisputeChanged extends PaymentNames {
	kind: 'dispute_changed';
	disputeRef: string;
	amount: number;
	currency: string;
	reason: string | undefined;
	/** `inquiry` is a question of the bank before any money is taken. */
	status: 'inquiry' | 'open' | 'won' | 'lost';
	evidenceDueAt: Date | undefined;
}

export type SubscriptionStatus =
	'incomplete' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'cancelled';

export interface SubscriptionChanged {
	kind: 'subscription_changed';
	subscriptionRef: string;
	orderId: string | undefined;
	/** Ours, of the pay page that it was bought on. */
	paymentId?: string | undefined;
	customerRef: string | undefined;
	status: SubscriptionStatus;
	currentPeriodStart: Date | undefined;
	currentPeriodEnd: Date | undefined;
	trialEndsAt: Date | undefined;
	cancelAtPeriodEnd: boolean;
	cancelledAt: Date | undefined;
	endedAt: Date | undefined;
}

export interface InvoiceChanged {
	kind: 'invoice_changed';
	invoiceRef: string;
	number: string | undefined;
	subscriptionRef: string | undefined;
	orderId: string | undefined;
	/** Ours, of the pay page that its subscription was bought on. */
	paymentId?: string | undefined;
	customerRef: string | undefined;
	paymentRef: string | undefined;
	status: 'draft' | 'open' | 'paid' | 'uncollectible' | 'void';
	/** `first` is paid with the order, `renewal` by itself. */
	cycle: 'first' | 'renewal' | 'other';
	/** True when this is the news that taking the money has failed. */
	paymentFailed: boolean;
	amount: number;
	paid: number;
	currency: string;
	url: string | undefined;
	pdfUrl: string | undefined;
	periodStart: Date | undefined;
	periodEnd: Date | undefined;
}

/** By which payment an invoice was paid: Stripe tells it in an event of its own. */
export interface InvoiceLinked {
	kind: 'invoice_linked';
	invoiceRef: string;
	paymentRef: string;
}

export interface PayoutChanged {
	kind: 'payout_changed';
	payoutRef: string;
	status: 'paid' | 'failed';
	amount: number;
	currency: string;
}

/** An event whose signature was right, or one that a reconciliation has found. */
export interface GatewayEvent {
	id: string;
	type: string;
	objectId: string;
	/** Events of one key are handled one after the other. */
	objectKey: string;
	occurredAt: Date;
	/** Exactly what came. */
	raw: string;
}

export interface CheckoutLine {
	title: string;
	quantity: number;
	/** For the whole quantity, with discount and tax. */
	total: number;
	/** Set for a plan: taken again each time the interval is over. */
	recurring?: { interval: 'day' | 'week' | 'month' | 'year'; intervalCount: number } | undefined;
}

export interface CheckoutRequest {
	paymentId: string;
	orderId: string;
	orderNumber: string;
	email: string;
	locale: string;
	currency: string;
	/** What is to be paid now; a trial's lines are not in it. */
	amount: number;
	lines: CheckoutLine[];
	/** Taken off the first payment of a subscription only. */
	discountOnce: number;
	/** Taken off every payment of a subscription. */
	discountEvery?: number;
	trialDays: number;
	customerRef: string | undefined;
	successUrl: string;
	cancelUrl: string;
	expiresAt: Date;
}

export interface CheckoutSession {
	sessionRef: string;
	url: string;
	expiresAt: Date;
}

export interface RefundRequest {
	refundId: string;
	orderId: string;
	paymentRef: string | null;
	chargeRef: string | null;
	invoiceRef: string | null;
	amount: number;
	currency: string;
	reason: string | null;
}

/** A payment as the gateway lists it, for the reconciliation. */
export interface ListedPayment {
	paymentRef: string;
	orderId: string | undefined;
	amount: number;
	currency: string;
	succeeded: boolean;
	createdAt: Date;
}

export interface ListedRefund {
	refundRef: string;
	paymentRef: string | undefined;
	amount: number;
	currency: string;
	status: 'pending' | 'succeeded' | 'failed';
	createdAt: Date;
}

export interface Recent {
	payments: ListedPayment[];
	refunds: ListedRefund[];
	/** All events of the window, so that the inbox can take those it has missed. */
	events: GatewayEvent[];
	/** What the gateway has kept, by payment or charge. */
	fees: { ref: string; fee: number; currency: string }[];
}

export interface CancelOptions {
	/** False ends it now. */
	atPeriodEnd: boolean;
	/** For a wish that is asked for again until it is answered. */
	idempotencyKey?: string;
}

/**
 * One payment provider. Every method that asks it for something takes our own ids as idempotency key, so that a
 * repetition after a crash gets the first answer. Failures are thrown as `GatewayRefused` (asking again is useless)
 * or as anything else (ask again later).
 */
export interface Gateway {
	name: string;
	createCheckout(request: CheckoutRequest): Promise<CheckoutSession>;
	/** Closes a pay page. One that is closed or paid already is no error: its event tells the rest. */
	expireCheckout(sessionRef: string): Promise<void>;
	refund(request: RefundRequest): Promise<RefundChanged>;
	/** One that has ended already is no error. */
	cancelSubscription(ref: string, options: CancelOptions): Promise<SubscriptionChanged>;
	pauseSubscription(ref: string): Promise<SubscriptionChanged>;
	resumeSubscription(ref: string): Promise<SubscriptionChanged>;
	/** A page where the customer changes their card, sees invoices and cancels. */
	portalUrl(customerRef: string, returnUrl: string): Promise<string>;
	/** @throws {Problem} 400 when the signature is not right for exactly these bytes, or not of our time */
	verifyWebhook(body: Buffer, headers: Record<string, string | string[] | undefined>): GatewayEvent;
	/** @param event.fetched  what `fetch` has given, for an event that did not say enough or came out of order */
	interpret(event: { type: string; raw: string; fetched: unknown }): Fact[];
	/** The object of an event as it is now. */
	fetch(event: { type: string; objectId: string }): Promise<unknown>;
	listRecent(from: Date, to: Date): Promise<Recent>;
}

/** The gateway has understood and says no: no retry will change that. */
export class GatewayRefused extends Error {
	override readonly name = 'GatewayRefused';
	readonly code: string;

	constructor(code: string, message: string, cause?: unknown) {
		super(message, { cause });
		this.code = code;
	}
}
