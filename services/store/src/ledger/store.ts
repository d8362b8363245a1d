import {
	decodeCursor,
	encodeCursor,
	type Queryable,
	statement,
	type Tx,
} from '@autopilot/postgres';
import type { Account, Part } from './entries.ts';
import type { Booking } from './ledger.ts';
import type { LedgerBalance, LedgerEntry, ListEntries } from './schema.ts';

const INSERT = statement(`WITH booked AS (
		INSERT INTO ledger_transactions (business_key, kind, order_id, occurred_at, correlation_id)
		SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[], $4::timestamptz[], $5::text[])
		ON CONFLICT (business_key) DO NOTHING RETURNING id, business_key
	), entries AS (
		INSERT INTO ledger_entries (transaction_id, account, amount, currency, product_id)
		SELECT b.id, e.account, e.amount, e.currency, e.product_id
		FROM unnest($6::text[], $7::text[], $8::bigint[], $9::text[], $10::uuid[])
			AS e (business_key, account, amount, currency, product_id) JOIN booked b USING (business_key)
	)
	SELECT count(*) AS booked FROM booked`);

/** Writes what is not in the books yet. @returns how many that were */
export async function insertTransactions(tx: Tx, bookings: readonly Booking[]): Promise<number> {
	const entries = bookings.flatMap(({ businessKey, currency, entries }) =>
		entries.map((entry) => ({ businessKey, currency, ...entry })),
	);
	const { rows } = await tx.query<{ booked: number }>(INSERT, [
		bookings.map(({ businessKey }) => businessKey),
		bookings.map(({ kind }) => kind),
		bookings.map(({ orderId }) => orderId),
		bookings.map(({ occurredAt }) => occurredAt),
		bookings.map(({ correlationId }) => correlationId),
		entries.map(({ businessKey }) => businessKey),
		entries.map(({ account }) => account),
		entries.map(({ amount }) => amount),
		entries.map(({ currency }) => currency),
		entries.map(({ productId }) => productId),
	]);
	return rows[0]?.booked ?? 0;
}

const PARTS =
	statement(`SELECT product_id AS "productId", total_amount - tax_amount AS net, tax_amount AS tax
	FROM order_lines WHERE order_id = $1 AND ($2::uuid[] IS NULL OR id = ANY($2))
	UNION ALL
	SELECT NULL, o.total - o.shipping_tax - (SELECT sum(total_amount) FROM order_lines WHERE order_id = $1),
		o.shipping_tax
	FROM orders o WHERE o.id = $1 AND $2::uuid[] IS NULL`);

/** What an order's total is made of, or what some of its lines are. */
export async function partsOfOrder(
	tx: Tx,
	orderId: string,
	lineIds: string[] | null = null,
): Promise<Part[]> {
	const { rows } = await tx.query<Part>(PARTS, [orderId, lineIds]);
	return rows;
}

type EntryRow = Omit<LedgerEntry, 'occurredAt'> & { occurredAt: Date; position: string };

/** The newest first. @returns up to `limit + 1` entries, or undefined for a cursor that is none of ours */
export async function selectEntries(
	db: Queryable,
	filter: ListEntries,
): Promise<(LedgerEntry & { cursor: string })[] | undefined> {
	const after = filter.cursor === undefined ? [null] : decodeCursor(filter.cursor, 1);
	if (after === undefined) return undefined;
	const { rows } = await db.query<EntryRow>(
		`SELECT e.id::text AS id, t.business_key AS "businessKey", t.kind, t.order_id AS "orderId", e.account,
			e.amount, e.currency, e.product_id AS "productId", t.occurred_at AS "occurredAt", e.id::text AS position
		FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
		WHERE ($1::text IS NULL OR e.account = $1) AND ($2::uuid IS NULL OR t.order_id = $2)
			AND ($3::text IS NULL OR e.currency = $3)
			AND ($4::timestamptz IS NULL OR t.occurred_at >= $4)
			AND ($5::timestamptz IS NULL OR t.occurred_at < $5)
			AND ($6::bigint IS NULL OR e.id < $6::bigint)
		ORDER BY e.id DESC LIMIT $7`,
		[
			filter.account ?? null,
			filter.orderId ?? null,
			filter.currency ?? null,
			filter.from ?? null,
			filter.to ?? null,
			...after,
			filter.limit + 1,
		],
	);
	return rows.map(({ position, ...row }) => ({
		...row,
		occurredAt: row.occurredAt.toISOString(),
		cursor: encodeCursor([position]),
	}));
}

/** Of each account and currency; all of a currency together are zero. */
export async function selectBalances(
	db: Queryable,
	{ to }: { to?: string | undefined },
): Promise<LedgerBalance[]> {
	const { rows } = await db.query<{ account: Account; currency: string; balance: number }>(
		`SELECT e.account, e.currency, sum(e.amount)::bigint AS balance
		FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
		WHERE $1::timestamptz IS NULL OR t.occurred_at < $1
		GROUP BY e.account, e.currency ORDER BY e.currency, e.account`,
		[to ?? null],
	);
	return rows;
}
