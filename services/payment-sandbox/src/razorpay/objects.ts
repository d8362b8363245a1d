/** Razorpay's objects carry `entity`; `object` is this program's own word for where they are kept. */
export interface RazorpayLink {
	id: string;
	object: 'razorpay.link';
	created: number;
	entity: LinkEntity;
}

/** A payment link as Razorpay shows it. Amounts are in minor units, times in Unix seconds, 0 for none. */
export interface LinkEntity {
	id: string;
	accept_partial: false;
	amount: number;
	amount_paid: number;
	callback_method: string;
	callback_url: string;
	cancelled_at: number;
	created_at: number;
	currency: string;
	customer: { name?: string | undefined; email?: string | undefined; contact?: string | undefined };
	description: string;
	expire_by: number;
	expired_at: number;
	notes: Record<string, string> | null;
	notify: { email: boolean; sms: boolean };
	order_id: string;
	payments: {
		amount: number;
		created_at: number;
		method: string;
		payment_id: string;
		status: string;
	}[];
	reference_id: string;
	reminder_enable: boolean;
	short_url: string;
	status: 'created' | 'paid' | 'cancelled' | 'expired';
	updated_at: number;
	user_id: string;
}

/** A payment and, as its source, the link that it paid. */
export interface RazorpayPayment {
	id: string;
	object: 'razorpay.payment';
	created: number;
	source: string;
	entity: PaymentEntity;
}

/** A payment as Razorpay shows it; `fee` includes `tax`. */
export interface PaymentEntity {
	id: string;
	entity: 'payment';
	amount: number;
	amount_refunded: number;
	bank: null;
	captured: boolean;
	card_id: string | null;
	contact: string | null;
	created_at: number;
	currency: string;
	description: string;
	email: string | null;
	error_code: string | null;
	error_description: string | null;
	error_reason: string | null;
	error_source: string | null;
	error_step: string | null;
	fee: number | null;
	international: false;
	invoice_id: null;
	method: 'card';
	notes: Record<string, string> | null;
	order_id: string;
	refund_status: 'partial' | 'full' | null;
	status: 'captured' | 'failed' | 'refunded';
	tax: number | null;
	vpa: null;
	wallet: null;
}

/** A refund and, as its source, the payment that it gives back. */
export interface RazorpayRefund {
	id: string;
	object: 'razorpay.refund';
	created: number;
	source: string;
	entity: RefundEntity;
}

/** A refund as Razorpay shows it. */
export interface RefundEntity {
	id: string;
	entity: 'refund';
	acquirer_data: { arn: null };
	amount: number;
	batch_id: null;
	created_at: number;
	currency: string;
	notes: Record<string, string>;
	payment_id: string;
	receipt: string | null;
	speed_processed: 'normal';
	speed_requested: 'normal';
	status: 'processed' | 'pending' | 'failed';
}
