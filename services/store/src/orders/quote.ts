import { type Queryable, statement } from '@autopilot/postgres';

/** Everything that is to be known before an order can be priced, read in one round trip. */
export interface Quote {
	/** Ids of the order and of its lines, and its number, so that it can be told before it is written. */
	id: string;
	number: string;
	lineIds: string[];
	now: Date;
	/** How long it may take; it expires then. */
	expiresAt: Date;
	customerKnown: boolean;
	variants: QuotedVariant[];
	coupon: QuotedCoupon | null;
	shippingOptions: QuotedShippingOption[];
	taxRates: QuotedTaxRate[];
}

export interface QuotedVariant {
	id: string;
	productId: string;
	planId: string | null;
	sku: string;
	title: string;
	productTitle: string;
	sold: boolean;
	delivery: 'physical' | 'digital';
	tracksStock: boolean;
	available: number;
	amount: number;
	currency: string;
}

export interface QuotedCoupon {
	id: string;
	code: string;
	basisPoints: number | null;
	amount: number | null;
	currency: string | null;
	minSubtotal: number | null;
	productIds: string[] | null;
	maxPerCustomer: number | null;
	active: boolean;
	started: boolean;
	ended: boolean;
	usedUp: boolean;
	usedUpByCustomer: boolean;
}

export interface QuotedShippingOption {
	id: string;
	name: string;
	countries: string[];
	amount: number;
	currency: string;
	freeFrom: number | null;
	estimate: string | null;
}

export interface QuotedTaxRate {
	name: string;
	country: string;
	region: string | null;
	delivery: 'physical' | 'digital' | null;
	basisPoints: number;
	inclusive: boolean;
}

/*
 * Lists come as JSON: of an array the planner counts the elements, finds each cart worth a plan of its own, and plans
 * this statement again for every order, which takes longer than running it.
 */
const QUOTE = statement(
	`SELECT uuidv7() AS id, 'A-' || nextval('order_numbers') AS number, now() AS now,
		now() + make_interval(secs => $8) AS "expiresAt",
		(SELECT array_agg(uuidv7()) FROM jsonb_array_elements($7::jsonb)) AS "lineIds",
		$5::uuid IS NULL OR EXISTS (SELECT FROM customers WHERE id = $5) AS "customerKnown",
		(SELECT coalesce(jsonb_agg(jsonb_build_object('id', v.id, 'productId', v.product_id, 'planId', (SELECT l.id FROM plans l WHERE l.variant_id = v.id),
			'sku', v.sku, 'title', v.title, 'productTitle', p.title, 'sold', p.status = 'published',
			'delivery', v.delivery, 'tracksStock', v.tracks_stock, 'available', v.stock - v.reserved,
			'amount', v.price_amount, 'currency', v.price_currency)), '[]')
			FROM (
				SELECT v.* FROM jsonb_array_elements_text($1::jsonb) AS w (sku) JOIN variants v ON v.sku = w.sku
				UNION ALL
				SELECT v.* FROM jsonb_array_elements_text($2::jsonb) AS w (id) JOIN variants v ON v.id = w.id::uuid
			) v JOIN products p ON p.id = v.product_id) AS variants,
		(SELECT jsonb_build_object('id', c.id, 'code', c.code, 'basisPoints', c.basis_points, 'amount', c.amount,
			'currency', c.currency, 'minSubtotal', c.min_subtotal, 'productIds', c.product_ids,
			'maxPerCustomer', c.max_per_customer, 'active', c.active,
			'started', c.starts_at IS NULL OR c.starts_at <= now(),
			'ended', c.expires_at IS NOT NULL AND c.expires_at <= now(),
			'usedUp', c.max_redemptions IS NOT NULL AND c.redeemed >= c.max_redemptions,
			'usedUpByCustomer', c.max_per_customer IS NOT NULL AND c.max_per_customer <= coalesce((
				SELECT k.redeemed FROM coupon_customers k WHERE k.coupon_id = c.id AND k.email = lower($4)), 0))
			FROM coupons c WHERE c.code = upper($3)) AS coupon,
		(SELECT coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name, 'countries', s.countries,
			'amount', s.amount, 'currency', s.currency, 'freeFrom', s.free_from, 'estimate', s.estimate)
			ORDER BY s.amount, s.id), '[]') FROM shipping_options s WHERE s.active) AS "shippingOptions",
		(SELECT coalesce(jsonb_agg(jsonb_build_object('name', t.name, 'country', t.country, 'region', t.region,
			'delivery', t.delivery, 'basisPoints', t.basis_points, 'inclusive', t.inclusive)), '[]')
			FROM tax_rates t WHERE t.active AND t.country = ANY ($6)) AS "taxRates"`,
);

export async function readQuote(
	db: Queryable,
	wish: {
		skus: string[];
		variantIds: string[];
		couponCode: string | undefined;
		email: string;
		customerId: string | undefined;
		/** Countries whose taxes may apply. */
		countries: string[];
		lines: number;
		reservationSeconds: number;
	},
): Promise<Quote> {
	const { rows } = await db.query<Quote>(QUOTE, [
		JSON.stringify(wish.skus),
		JSON.stringify(wish.variantIds),
		wish.couponCode ?? null,
		wish.email,
		wish.customerId ?? null,
		wish.countries,
		JSON.stringify(Array.from({ length: wish.lines }, () => 0)),
		wish.reservationSeconds,
	]);
	const [row] = rows;
	if (row === undefined) throw new Error('A SELECT without FROM gave no row.');
	return row;
}
