import type { Tx } from '@autopilot/postgres';
import type { QuotedShippingOption, QuotedTaxRate } from './quote.ts';
import type { Order } from './schema.ts';

/** What the price of a place depends on: active tax rates of these countries, active shipping options, cheapest first. */
export async function readPlaces(
	tx: Tx,
	countries: string[],
): Promise<{ taxRates: QuotedTaxRate[]; shippingOptions: QuotedShippingOption[] }> {
	const { rows: taxRates } = await tx.query<QuotedTaxRate>(
		`SELECT name, country, region, delivery, basis_points AS "basisPoints", inclusive
		FROM tax_rates WHERE active AND country = ANY ($1)`,
		[countries],
	);
	const { rows: shippingOptions } = await tx.query<QuotedShippingOption>(
		`SELECT id, name, countries, amount, currency, free_from AS "freeFrom", estimate
		FROM shipping_options WHERE active ORDER BY amount, id`,
	);
	return { taxRates, shippingOptions };
}

/** Writes the price of a locked order; lines and order change together, as the table's checks want them to. */
export async function writePrice(tx: Tx, order: Order): Promise<void> {
	await tx.query(
		`WITH lines AS (
			UPDATE order_lines l SET tax_amount = n."taxAmount", tax_included = n."taxIncluded",
				tax_basis_points = n."taxBasisPoints", tax_name = n."taxName", total_amount = n."totalAmount"
			FROM jsonb_to_recordset($2::jsonb) AS n (id uuid, "taxAmount" bigint, "taxIncluded" boolean,
				"taxBasisPoints" int, "taxName" text, "totalAmount" bigint)
			WHERE l.id = n.id AND l.order_id = $1
		)
		UPDATE orders SET shipping = $3, tax = $4, tax_included = $5, shipping_tax = $6, total = $7,
			shipping_option = $8, shipping_option_id = $9, updated_at = now()
		WHERE id = $1`,
		[
			order.id,
			JSON.stringify(order.lines),
			order.shipping,
			order.tax,
			order.taxIncluded,
			order.shippingTax,
			order.total,
			order.shippingOption,
			order.shippingOption?.id ?? null,
		],
	);
}

/**
 * The pay pages of an order whose price has changed: none of them pays it any more.
 * @returns how many there were, and whether one of them has been paid by a slow method, which nothing can stop
 */
export async function supersedePages(
	tx: Tx,
	orderId: string,
): Promise<{ superseded: number; pending: boolean }> {
	const { rows } = await tx.query<{ status: string }>(
		`UPDATE payments SET superseded_at = CASE WHEN status = 'pending' THEN superseded_at ELSE now() END
		WHERE order_id = $1 AND kind = 'order' AND superseded_at IS NULL
			AND status IN ('creating', 'open', 'pending')
		RETURNING status`,
		[orderId],
	);
	return {
		superseded: rows.length,
		pending: rows.some(({ status }) => status === 'pending'),
	};
}
