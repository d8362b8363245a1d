import type { Queryable } from '@autopilot/postgres';
import type { RevenueQuery, RevenueRow } from './schema.ts';

const KEYS: Record<RevenueQuery['groupBy'], string> = {
	day: `to_char(t.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')`,
	product: 'e.product_id::text',
	campaign: 'o.campaign_id',
	workflow: 'o.workflow_id',
	correlation: 't.correlation_id',
};

// Fees, tax and disputes are of whole payments: there is no share of a product.
const OF_PRODUCTS = `AND e.account IN ('revenue', 'refunds')`;

/** Sums of the ledger; nothing is counted that is not booked. */
export async function selectRevenue(
	db: Queryable,
	{ groupBy, currency, from, to }: RevenueQuery & { from: string; to: string },
): Promise<RevenueRow[]> {
	const { rows } = await db.query<RevenueRow>(
		`WITH sums AS (
			SELECT ${KEYS[groupBy]} AS key, e.currency,
				count(DISTINCT t.order_id) FILTER (WHERE t.kind = 'payment')::int AS orders,
				coalesce(-sum(e.amount) FILTER (WHERE e.account = 'revenue'), 0)::bigint AS revenue,
				coalesce(-sum(e.amount) FILTER (WHERE e.account = 'tax_payable'), 0)::bigint AS tax,
				coalesce(sum(e.amount) FILTER (WHERE e.account = 'refunds'), 0)::bigint AS refunds,
				coalesce(sum(e.amount) FILTER (WHERE e.account = 'disputes'), 0)::bigint AS disputes,
				coalesce(sum(e.amount) FILTER (WHERE e.account = 'fees'), 0)::bigint AS fees
			FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
			JOIN orders o ON o.id = t.order_id
			WHERE t.occurred_at >= $1 AND t.occurred_at < $2 AND ($3::text IS NULL OR e.currency = $3)
				AND e.account IN ('revenue', 'tax_payable', 'refunds', 'disputes', 'fees')
				${groupBy === 'product' ? OF_PRODUCTS : ''}
			GROUP BY 1, 2
		)
		SELECT s.*, p.title AS label, s.revenue - s.refunds - s.disputes - s.fees AS net
		FROM sums s LEFT JOIN products p ON ${groupBy === 'product'} AND p.id::text = s.key
		ORDER BY ${groupBy === 'day' ? 's.key' : 'net DESC, s.key'}, s.currency`,
		[from, to, currency ?? null],
	);
	return rows;
}
