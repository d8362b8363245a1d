import type { Payment } from './schema.ts';

/** Columns of `payments p` joined with `orders o`. */
export const ORDER_SUMMARY = `jsonb_build_object('id', o.id, 'number', o.number, 'status', o.status, 'email', o.email,
	'name', o.name, 'locale', o.locale, 'customerId', o.customer_id, 'currency', o.currency, 'total', o.total,
	'campaignId', o.campaign_id, 'workflowId', o.workflow_id) AS "order"`;

export const PAYMENT_COLUMNS = `p.id, p.order_id AS "orderId", ${ORDER_SUMMARY}, p.subscription_id AS "subscriptionId",
	p.kind, p.gateway, p.status, p.rejection, p.amount, p.currency, p.captured, p.refunded,
	p.superseded_at IS NOT NULL AS superseded,
	p.refund_pending AS "refundPending", p.disputed, p.fee, p.session_ref AS "sessionRef",
	p.payment_ref AS "paymentRef", p.charge_ref AS "chargeRef", p.invoice_ref AS "invoiceRef",
	CASE WHEN p.failure_code IS NULL THEN NULL ELSE
		jsonb_build_object('code', p.failure_code, 'message', coalesce(p.failure_message, '')) END AS failure,
	p.correlation_id AS "correlationId", p.created_at AS "createdAt", p.updated_at AS "updatedAt",
	p.succeeded_at AS "succeededAt"`;

export type PaymentRow = Omit<Payment, 'createdAt' | 'updatedAt' | 'succeededAt'> & {
	createdAt: Date;
	updatedAt: Date;
	succeededAt: Date | null;
};

export function toPayment(row: PaymentRow): Payment {
	return {
		...row,
		createdAt: row.createdAt.toISOString(),
		updatedAt: row.updatedAt.toISOString(),
		succeededAt: row.succeededAt?.toISOString() ?? null,
	};
}
