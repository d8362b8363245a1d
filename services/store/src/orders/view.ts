import { SHIPMENT } from '../shipments/view.ts';
import type { Order } from './schema.ts';
import { orderLinks } from './token.ts';

type Times =
	'expiresAt' | 'createdAt' | 'updatedAt' | 'paidAt' | 'shippedAt' | 'deliveredAt' | 'cancelledAt';

export type OrderRow = Omit<Order, Times | 'checkoutUrl' | 'orderUrl'> & {
	expiresAt: Date;
	createdAt: Date;
	updatedAt: Date;
	paidAt: Date | null;
	shippedAt: Date | null;
	deliveredAt: Date | null;
	cancelledAt: Date | null;
	/** The payment that paid it; not part of the API. */
	paymentId: string | null;
};

/** Columns of `orders o`, with lines and shipments: one round trip for an order, or for a page of them. */
export const ORDER_COLUMNS = `o.id, o.number, o.status, o.payment_status AS "paymentStatus", o.email, o.name, o.locale,
	o.customer_id AS "customerId", o.currency, o.subtotal, o.discount, o.shipping, o.tax,
	o.tax_included AS "taxIncluded", o.shipping_tax AS "shippingTax", o.total, o.captured, o.refunded,
	o.coupon_code AS "couponCode", o.shipping_option AS "shippingOption", o.shipping_address AS "shippingAddress",
	o.billing_address AS "billingAddress", o.click_id AS "clickId", o.campaign_id AS "campaignId",
	o.workflow_id AS "workflowId", o.correlation_id AS "correlationId", o.metadata, o.payment_id AS "paymentId",
	o.expires_at AS "expiresAt", o.created_at AS "createdAt", o.updated_at AS "updatedAt", o.paid_at AS "paidAt",
	o.shipped_at AS "shippedAt", o.delivered_at AS "deliveredAt", o.cancelled_at AS "cancelledAt",
	(SELECT jsonb_agg(jsonb_build_object('id', l.id, 'sku', l.sku, 'title', l.title, 'delivery', l.delivery,
		'quantity', l.quantity, 'unitAmount', l.unit_amount, 'discountAmount', l.discount_amount,
		'taxAmount', l.tax_amount, 'taxIncluded', l.tax_included, 'taxBasisPoints', l.tax_basis_points,
		'taxName', l.tax_name, 'totalAmount', l.total_amount, 'productId', l.product_id, 'variantId', l.variant_id,
		'planId', l.plan_id) ORDER BY l.position) FROM order_lines l WHERE l.order_id = o.id) AS lines,
	(SELECT coalesce(jsonb_agg(${SHIPMENT} ORDER BY s.id), '[]') FROM shipments s WHERE s.order_id = o.id) AS shipments`;

export function toOrder({ paymentId: _paymentId, ...row }: OrderRow): Order {
	return {
		...row,
		...orderLinks(row.id),
		expiresAt: row.expiresAt.toISOString(),
		createdAt: row.createdAt.toISOString(),
		updatedAt: row.updatedAt.toISOString(),
		paidAt: row.paidAt?.toISOString() ?? null,
		shippedAt: row.shippedAt?.toISOString() ?? null,
		deliveredAt: row.deliveredAt?.toISOString() ?? null,
		cancelledAt: row.cancelledAt?.toISOString() ?? null,
	};
}
