import type { z } from 'zod';
import type { DisputeChanged, Fact, GatewayEvent, RefundChanged } from './gateway.ts';
import {
	razorpayDispute,
	razorpayEvent,
	razorpayLink,
	razorpayPayment,
	razorpayRefund,
	razorpaySettlement,
} from './razorpay-objects.ts';

type Payload = z.output<typeof razorpayEvent>['payload'];

const READERS: Record<string, (payload: Payload, type: string) => Fact[]> = {
	'payment.captured': readPayment,
	'payment.failed': readPayment,
	'payment_link.paid': readPayment,
	'payment_link.expired': readClosedLink,
	'payment_link.cancelled': readClosedLink,
	'refund.created': readRefund,
	'refund.processed': readRefund,
	'refund.failed': readRefund,
	'payment.dispute.created': readDispute,
	'payment.dispute.under_review': readDispute,
	'payment.dispute.action_required': readDispute,
	'payment.dispute.won': readDispute,
	'payment.dispute.lost': readDispute,
	'payment.dispute.closed': readDispute,
	'settlement.processed': readSettlement,
};

/** What a Razorpay event says; nothing for the types that we don't follow. */
export function readRazorpayEvent({ type, raw }: { type: string; raw: string }): Fact[] {
	const read = READERS[type];
	return read === undefined ? [] : read(razorpayEvent.parse(JSON.parse(raw)).payload, type);
}

/** Reads the envelope of an event. The id is in a header only. */
export function razorpayEventOf(raw: string, id: string): GatewayEvent {
	const { event, created_at, payload } = razorpayEvent.parse(JSON.parse(raw));
	const { payment, payment_link: link, refund, dispute, settlement } = payload;
	const object = refund ?? dispute ?? payment ?? link ?? settlement;
	const orderId = payment?.entity.notes?.order_id ?? link?.entity.notes?.order_id;
	return {
		id,
		type: event,
		objectId: object?.entity.id ?? id,
		objectKey: orderId ?? payment?.entity.id ?? object?.entity.id ?? id,
		occurredAt: new Date(created_at * 1000),
		raw,
	};
}

function readPayment({ payment, payment_link: link }: Payload, type: string): Fact[] {
	const { id, amount, currency, notes, fee, ...rest } = razorpayPayment.parse(payment?.entity);
	const names = {
		orderId: notes.order_id ?? link?.entity.notes?.order_id,
		paymentId: notes.payment_id ?? link?.entity.notes?.payment_id,
		sessionRef: link?.entity.id,
		paymentRef: id,
	};
	if (type === 'payment.failed') {
		const code = rest.error_code ?? 'declined';
		const message = rest.error_description ?? 'The payment was declined.';
		return [{ kind: 'payment_failed', ...names, code, message, final: false }];
	}
	return [{ kind: 'payment_succeeded', ...names, amount, currency, fee: fee ?? undefined }];
}

function readClosedLink({ payment_link: link }: Payload): Fact[] {
	const { id, notes } = razorpayLink.parse(link?.entity);
	const names = { orderId: notes.order_id, paymentId: notes.payment_id, sessionRef: id };
	return [{ kind: 'checkout_expired', ...names }];
}

function readRefund({ refund }: Payload): Fact[] {
	return [razorpayRefundOf(refund?.entity)];
}

/** @param object  a refund, from an event or an answer */
export function razorpayRefundOf(object: unknown): RefundChanged {
	const { id, payment_id, amount, currency, status, notes } = razorpayRefund.parse(object);
	return {
		kind: 'refund_changed',
		orderId: notes.order_id,
		paymentRef: payment_id,
		refundRef: id,
		refundId: notes.refund_id,
		amount,
		currency,
		status: razorpayRefundStatus(status),
		reason: undefined,
		failure: status === 'failed' ? 'The bank did not take it.' : undefined,
	};
}

export function razorpayRefundStatus(status: string): RefundChanged['status'] {
	if (status === 'processed') return 'succeeded';
	return status === 'failed' ? 'failed' : 'pending';
}

function readDispute({ dispute }: Payload): Fact[] {
	const { id, payment_id, amount, currency, ...rest } = razorpayDispute.parse(dispute?.entity);
	const fact: DisputeChanged = {
		kind: 'dispute_changed',
		orderId: undefined,
		paymentRef: payment_id,
		disputeRef: id,
		amount,
		currency,
		reason: rest.reason_code ?? undefined,
		status: disputeStatus(rest),
		evidenceDueAt: rest.respond_by == null ? undefined : new Date(rest.respond_by * 1000),
	};
	return [fact];
}

// Money is held from the chargeback on; the phases before it ask for papers only. `closed` ends those.
function disputeStatus({
	status,
	phase,
}: {
	status: string;
	phase?: string | null | undefined;
}): DisputeChanged['status'] {
	if (status === 'won' || status === 'lost') return status;
	return status === 'closed' || phase === 'retrieval' || phase === 'fraud' ? 'inquiry' : 'open';
}

// Settlements are in the currency of the account, which is always rupees.
function readSettlement({ settlement }: Payload): Fact[] {
	const { id, amount } = razorpaySettlement.parse(settlement?.entity);
	return [{ kind: 'payout_changed', payoutRef: id, status: 'paid', amount, currency: 'INR' }];
}
