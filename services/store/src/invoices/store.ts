import { decodeCursor, encodeCursor, type Queryable, type Tx } from '@autopilot/postgres';
import type { InvoiceChanged } from '../gateways/gateway.ts';
import type { Invoice, ListInvoices } from './schema.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A later state stays, whatever comes after it. @returns false when it was paid before */
export async function saveInvoice(
	tx: Tx,
	fact: InvoiceChanged,
	of: { gateway: string; orderId: string; subscriptionId: string | null; at: Date },
): Promise<void> {
	await tx.query(
		`INSERT INTO invoices AS i (gateway, external_ref, number, order_id, subscription_id, status, amount, paid,
			currency, url, pdf_url, period_start, period_end, source_at)
		SELECT $1, $2, $3, id, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14 FROM orders WHERE id = $4
		ON CONFLICT (gateway, external_ref) DO UPDATE SET number = coalesce($3, i.number),
			subscription_id = coalesce($5, i.subscription_id), status = $6, amount = $7, paid = $8,
			url = coalesce($10, i.url), pdf_url = coalesce($11, i.pdf_url), source_at = $14
		WHERE array_position(ARRAY['draft', 'open', 'uncollectible', 'void', 'paid'], $6)
			>= array_position(ARRAY['draft', 'open', 'uncollectible', 'void', 'paid'], i.status)`,
		[
			of.gateway,
			fact.invoiceRef,
			fact.number ?? null,
			of.orderId,
			of.subscriptionId,
			fact.status,
			fact.amount,
			fact.paid,
			fact.currency,
			fact.url ?? null,
			fact.pdfUrl ?? null,
			fact.periodStart ?? null,
			fact.periodEnd ?? null,
			of.at,
		],
	);
}

/** A subscription has begun: the invoice that has paid its order may have been told before it. */
export async function joinInvoices(
	tx: Tx,
	{ id, gateway, orderId }: { id: string; gateway: string; orderId: string },
): Promise<void> {
	await tx.query(
		`UPDATE invoices i SET subscription_id = $1 FROM payments p
		WHERE i.order_id = $3 AND i.gateway = $2 AND i.subscription_id IS NULL
			AND p.gateway = i.gateway AND p.invoice_ref = i.external_ref AND p.order_id = $3 AND p.status = 'succeeded'`,
		[id, gateway, orderId],
	);
}

type Row = Omit<Invoice, 'periodStart' | 'periodEnd' | 'createdAt'> & {
	periodStart: Date | null;
	periodEnd: Date | null;
	createdAt: Date;
};

/** The newest first. @returns up to `limit + 1` invoices, or undefined for a cursor that is none of ours */
export async function selectInvoices(
	db: Queryable,
	filter: ListInvoices,
): Promise<Invoice[] | undefined> {
	const after = filter.cursor === undefined ? [null] : decodeCursor(filter.cursor, 1);
	if (after === undefined || (after[0] != null && !UUID.test(after[0]))) return undefined;
	const { rows } = await db.query<Row>(
		`SELECT id, gateway, external_ref AS "invoiceRef", number, order_id AS "orderId",
			coalesce((SELECT p.refunded FROM payments p WHERE p.gateway = i.gateway AND p.invoice_ref = i.external_ref), 0)
				AS refunded,
			subscription_id AS "subscriptionId", status, amount, paid, currency, url, pdf_url AS "pdfUrl",
			period_start AS "periodStart", period_end AS "periodEnd", created_at AS "createdAt"
		FROM invoices i WHERE ($1::uuid IS NULL OR order_id = $1) AND ($2::uuid IS NULL OR subscription_id = $2)
			AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`,
		[filter.orderId ?? null, filter.subscriptionId ?? null, ...after, filter.limit + 1],
	);
	return rows.map((row) => ({
		...row,
		periodStart: row.periodStart?.toISOString() ?? null,
		periodEnd: row.periodEnd?.toISOString() ?? null,
		createdAt: row.createdAt.toISOString(),
	}));
}

/**
 * Until when the renewal that a payment paid runs, and whether no later period of the subscription is paid; undefined
 * for what is no renewal.
 */
export async function periodPaidBy(
	tx: Tx,
	paymentId: string,
): Promise<{ periodEnd: Date; isLast: boolean } | undefined> {
	const { rows } = await tx.query<{ periodEnd: Date; isLast: boolean }>(
		`SELECT i.period_end AS "periodEnd", NOT EXISTS (
			SELECT FROM invoices l WHERE l.subscription_id = p.subscription_id AND l.status = 'paid'
				AND l.period_end > i.period_end
		) AS "isLast"
		FROM payments p JOIN invoices i ON i.gateway = p.gateway AND i.external_ref = p.invoice_ref
		WHERE p.id = $1 AND p.kind = 'renewal' AND i.period_end IS NOT NULL`,
		[paymentId],
	);
	return rows[0];
}

export function cursorOf({ id }: { id: string }): string {
	return encodeCursor([id]);
}
