import { EMISSION } from '@autopilot/events';
import { type Queryable, type Statement, statement, type Tx } from '@autopilot/postgres';
import type { Order } from './schema.ts';

/** What placing an order came to. */
export interface Placement {
	placed: boolean;
	/** What each counted variant had left, read under its lock. */
	left: { variantId: string; available: number }[];
	enough: boolean;
}

const REDEEM = `coupon AS (
		UPDATE coupons c SET redeemed = c.redeemed + 1
		WHERE c.id = $4 AND (SELECT ok FROM enough) AND c.active AND coalesce(c.expires_at > now(), true)
			AND (c.max_redemptions IS NULL OR c.redeemed < c.max_redemptions)
		RETURNING c.id
	), customer AS (
		INSERT INTO coupon_customers AS k (coupon_id, email, redeemed)
		SELECT coupon.id, lower(o.email), 1 FROM coupon, o
		ON CONFLICT (coupon_id, email) DO UPDATE SET redeemed = k.redeemed + 1
			WHERE $5::int IS NULL OR k.redeemed < $5
		RETURNING 1
	), go AS MATERIALIZED (
		SELECT ok AND EXISTS (SELECT FROM customer) AS ok FROM enough
	)`;

const NOTE = `redemption AS (
		INSERT INTO coupon_redemptions (order_id, coupon_id, email, amount)
		SELECT p.id, $4, lower(p.email), p.discount FROM placed p
	),`;

/*
 * One statement, because a row that everybody wants is locked from here to the end of the transaction; for the same
 * reason it is the last one of an order. Variants are locked in SKU order, whatever order the cart has, so that two
 * orders never wait for each other; the coupon comes after them. `locked` reads each variant as the transaction before
 * left it; the UPDATE then sees the same version, since nobody else can change it any more.
 */
const place = ({ go, note }: { go: string; note: string }): Statement =>
	statement(`WITH o AS MATERIALIZED (
		SELECT * FROM jsonb_to_record($1::jsonb) AS o (id uuid, number text, "customerId" uuid, email text, name text,
			locale text, currency text, subtotal bigint, discount bigint, shipping bigint, tax bigint,
			"taxIncluded" bigint, "shippingTax" bigint, total bigint, "couponCode" text, "shippingOption" jsonb,
			"shippingAddress" jsonb, "billingAddress" jsonb, "clickId" text, "campaignId" text, "workflowId" text,
			"correlationId" text, metadata jsonb, "expiresAt" timestamptz,
			"createdAt" timestamptz, lines jsonb)
	), lines AS MATERIALIZED (
		SELECT l.* FROM o, ROWS FROM (jsonb_to_recordset(o.lines) AS (id uuid, sku text, title text, delivery text,
			quantity int, "unitAmount" bigint, "discountAmount" bigint, "taxAmount" bigint, "taxIncluded" boolean,
			"taxBasisPoints" int, "taxName" text, "totalAmount" bigint, "productId" uuid, "variantId" uuid,
			"planId" uuid)) WITH ORDINALITY AS l (id, sku, title, delivery, quantity, "unitAmount", "discountAmount",
			"taxAmount", "taxIncluded", "taxBasisPoints", "taxName", "totalAmount", "productId", "variantId", "planId",
			position)
	), wanted AS MATERIALIZED (
		SELECT * FROM unnest($2::uuid[], $3::int[]) AS w (variant_id, quantity)
	), locked AS MATERIALIZED (
		SELECT v.id, v.stock - v.reserved AS available FROM variants v
		WHERE v.id = ANY ($2::uuid[]) ORDER BY v.sku FOR NO KEY UPDATE
	), enough AS MATERIALIZED (
		SELECT count(*) = cardinality($2::uuid[]) AS ok
		FROM locked k JOIN wanted w ON w.variant_id = k.id WHERE k.available >= w.quantity
	), reserved AS (
		UPDATE variants v SET reserved = v.reserved + w.quantity FROM wanted w, enough
		WHERE v.id = w.variant_id AND enough.ok
	), ${go}, placed AS (
		INSERT INTO orders (id, number, customer_id, email, name, locale, currency, subtotal, discount, shipping, tax,
			tax_included, shipping_tax, total, coupon_code, shipping_option_id, shipping_option, shipping_address,
			billing_address, click_id, campaign_id, workflow_id, correlation_id, metadata, expires_at,
			created_at, updated_at)
		SELECT o.id, o.number, o."customerId", o.email, o.name, o.locale, o.currency, o.subtotal, o.discount, o.shipping,
			o.tax, o."taxIncluded", o."shippingTax", o.total, o."couponCode", (o."shippingOption"->>'id')::uuid,
			nullif(o."shippingOption", 'null'), nullif(o."shippingAddress", 'null'), nullif(o."billingAddress", 'null'),
			o."clickId", o."campaignId", o."workflowId", o."correlationId", o.metadata, o."expiresAt",
			o."createdAt", o."createdAt"
		FROM o, go WHERE go.ok
		RETURNING id, expires_at, correlation_id, email, discount
	), placed_lines AS (
		INSERT INTO order_lines (id, order_id, position, variant_id, product_id, plan_id, sku, title, delivery, quantity,
			unit_amount, discount_amount, tax_amount, tax_included, tax_basis_points, tax_name, total_amount)
		SELECT l.id, p.id, l.position, l."variantId", l."productId", l."planId", l.sku, l.title, l.delivery, l.quantity,
			l."unitAmount", l."discountAmount", l."taxAmount", l."taxIncluded", l."taxBasisPoints", l."taxName",
			l."totalAmount"
		FROM placed p, lines l
	), held AS (
		INSERT INTO reservations (order_id, variant_id, quantity, expires_at)
		SELECT p.id, w.variant_id, w.quantity, p.expires_at FROM placed p, wanted w
	), ${note} history AS (
		INSERT INTO order_history (order_id, kind, to_status, correlation_id)
		SELECT p.id, 'created', 'created', p.correlation_id FROM placed p
	), told AS (
		SELECT 'order.created' AS type, 'order' AS aggregate_type, p.id::text AS aggregate_id, p.correlation_id,
			$1::jsonb AS data FROM placed p
	), ${EMISSION}
	SELECT EXISTS (SELECT FROM placed) AS placed, (SELECT ok FROM enough) AS enough,
		(SELECT coalesce(jsonb_agg(jsonb_build_object('variantId', k.id, 'available', k.available)), '[]')
			FROM locked k) AS left, (SELECT count(*) FROM woken) AS woken`);

const PLACE = place({ go: 'go AS MATERIALIZED (SELECT ok FROM enough)', note: '' });
const PLACE_WITH_COUPON = place({ go: REDEEM, note: NOTE });

/**
 * Reserves the stock, writes the order and tells `order.created`; when there is not enough in stock, nothing.
 * @param counted  variants whose stock is counted, each once
 */
export async function placeOrder(
	db: Queryable,
	order: Order,
	counted: readonly Counted[],
): Promise<Placement> {
	return run(db, PLACE, order, counted, []);
}

/** The same, and redeems a coupon. When `placed` is false nothing may be kept: throw, so that it is rolled back. */
export async function placeWithCoupon(
	tx: Tx,
	order: Order,
	counted: readonly Counted[],
	coupon: { id: string; maxPerCustomer: number | null },
): Promise<Placement> {
	return run(tx, PLACE_WITH_COUPON, order, counted, [coupon.id, coupon.maxPerCustomer]);
}

interface Counted {
	variantId: string;
	quantity: number;
}

async function run(
	db: Queryable,
	sql: Statement,
	order: Order,
	counted: readonly Counted[],
	coupon: unknown[],
): Promise<Placement> {
	const { rows } = await db.query<Placement>(sql, [
		JSON.stringify(order),
		counted.map(({ variantId }) => variantId),
		counted.map(({ quantity }) => quantity),
		...coupon,
	]);
	const [row] = rows;
	if (row === undefined) throw new Error('A SELECT of scalars gave no row.');
	return row;
}
