import { decodeCursor, encodeCursor, type Queryable, type Tx } from '@autopilot/postgres';
import { ORDER_SUMMARY } from '../payments/view.ts';
import type { ListRefunds, Refund, RefundLine } from './schema.ts';

const COLUMNS = `r.id, r.payment_id AS "paymentId", r.order_id AS "orderId", ${ORDER_SUMMARY},
	(SELECT p.subscription_id FROM payments p WHERE p.id = r.payment_id) AS "subscriptionId", r.status, r.origin,
	r.amount, r.currency, r.reason, r.lines, r.gateway, r.external_ref AS "refundRef", r.failure,
	r.correlation_id AS "correlationId", r.created_at AS "createdAt", r.updated_at AS "updatedAt",
	r.succeeded_at AS "succeededAt"`;
const FROM = 'FROM refunds r JOIN orders o ON o.id = r.order_id';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type Row = Omit<Refund, 'createdAt' | 'updatedAt' | 'succeededAt'> & {
	createdAt: Date;
	updatedAt: Date;
	succeededAt: Date | null;
};

export interface NewRefund {
	paymentId: string;
	status: Refund['status'];
	origin: Refund['origin'];
	amount: number;
	reason: string | null;
	lines: RefundLine[];
	refundRef: string | null;
	/** The same one is made once. */
	businessKey: string | null;
	correlationId: string;
}

/** @returns undefined when one of this business key exists */
export async function insertRefund(tx: Tx, refund: NewRefund): Promise<Refund | undefined> {
	const { rows } = await tx.query<Row>(
		`WITH r AS (
			INSERT INTO refunds (payment_id, order_id, status, origin, amount, currency, reason, lines, gateway,
				external_ref, business_key, correlation_id)
			SELECT id, order_id, $2, $3, $4, currency, $5, $6, gateway, $7, $8, $9 FROM payments WHERE id = $1
			ON CONFLICT (business_key) DO NOTHING RETURNING *
		)
		SELECT ${COLUMNS} FROM r JOIN orders o ON o.id = r.order_id`,
		[
			refund.paymentId,
			refund.status,
			refund.origin,
			refund.amount,
			refund.reason,
			JSON.stringify(refund.lines),
			refund.refundRef,
			refund.businessKey,
			refund.correlationId,
		],
	);
	return rows.map(toRefund)[0];
}

export async function findRefund(db: Queryable, id: string): Promise<Refund | undefined> {
	const { rows } = await db.query<Row>(`SELECT ${COLUMNS} ${FROM} WHERE r.id = $1`, [id]);
	return rows.map(toRefund)[0];
}

/** The refund of a fact, by our id or the gateway's; its payment must be locked. */
export async function findNamedRefund(
	tx: Tx,
	names: { paymentId: string; refundId: string | undefined; refundRef: string },
): Promise<Refund | undefined> {
	const { rows } = await tx.query<Row>(
		`SELECT ${COLUMNS} ${FROM} WHERE r.payment_id = $1 AND (r.id = $2 OR r.external_ref = $3)
		ORDER BY r.external_ref IS NOT DISTINCT FROM $3 DESC LIMIT 1`,
		[names.paymentId, names.refundId ?? null, names.refundRef],
	);
	return rows.map(toRefund)[0];
}

export async function changeRefund(
	tx: Tx,
	id: string,
	change: {
		status: Refund['status'];
		refundRef?: string | null;
		failure?: string | null | undefined;
		at: Date;
	},
): Promise<Refund> {
	const { rows } = await tx.query<Row>(
		`UPDATE refunds r SET status = $2, external_ref = coalesce(r.external_ref, $3), failure = coalesce($4, failure),
			succeeded_at = CASE WHEN $2 = 'succeeded' THEN $5 ELSE succeeded_at END, source_at = $5, updated_at = now()
		FROM orders o WHERE r.id = $1 AND o.id = r.order_id RETURNING ${COLUMNS}`,
		[id, change.status, change.refundRef ?? null, change.failure ?? null, change.at],
	);
	const [refund] = rows.map(toRefund);
	if (refund === undefined) throw new Error('UPDATE ... RETURNING gave no row.');
	return refund;
}

/** What of an order's lines has been refunded, or is on its way, by line. */
export async function refundedQuantities(tx: Tx, orderId: string): Promise<Map<string, number>> {
	const { rows } = await tx.query<{ lineId: string; quantity: number }>(
		`SELECT l->>'lineId' AS "lineId", sum((l->>'quantity')::int)::int AS quantity
		FROM refunds r, jsonb_array_elements(r.lines) l WHERE r.order_id = $1 AND r.status <> 'failed' GROUP BY 1`,
		[orderId],
	);
	return new Map(rows.map(({ lineId, quantity }) => [lineId, quantity]));
}

/** The payment that paid an order. */
export async function paymentOfOrder(tx: Tx, orderId: string): Promise<string | undefined> {
	const { rows } = await tx.query<{ id: string }>(
		`SELECT id FROM payments WHERE order_id = $1 AND kind = 'order' AND status = 'succeeded'`,
		[orderId],
	);
	return rows[0]?.id;
}

export interface DueRefund {
	id: string;
	paymentId: string;
	orderId: string;
	gateway: string;
	paymentRef: string | null;
	chargeRef: string | null;
	invoiceRef: string | null;
	amount: number;
	currency: string;
	reason: string | null;
	attempts: number;
}

/** Takes refunds that the gateway is to be asked for; one that is not settled in `leaseSeconds` is due again. */
export async function claimRequested(
	db: Queryable,
	{ limit, leaseSeconds }: { limit: number; leaseSeconds: number },
): Promise<DueRefund[]> {
	const { rows } = await db.query<DueRefund>(
		`WITH due AS (
			UPDATE refunds SET attempts = attempts + 1, next_attempt_at = now() + make_interval(secs => $2)
			WHERE id IN (
				SELECT id FROM refunds WHERE status = 'requested' AND next_attempt_at <= now()
				ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED
			)
			RETURNING *
		)
		SELECT d.id, d.payment_id AS "paymentId", d.order_id AS "orderId", d.gateway, p.payment_ref AS "paymentRef",
			p.charge_ref AS "chargeRef", p.invoice_ref AS "invoiceRef", d.amount, d.currency, d.reason, d.attempts
		FROM due d JOIN payments p ON p.id = d.payment_id`,
		[limit, leaseSeconds],
	);
	return rows;
}

export async function postponeRefund(
	db: Queryable,
	id: string,
	{ failure, seconds }: { failure: string; seconds: number },
): Promise<void> {
	await db.query(
		`UPDATE refunds SET failure = $2, next_attempt_at = now() + make_interval(secs => $3), updated_at = now()
		WHERE id = $1 AND status = 'requested'`,
		[id, failure.slice(0, 500), seconds],
	);
}

/** The newest first. @returns up to `limit + 1` refunds, or undefined for a cursor that is none of ours */
export async function selectRefunds(
	db: Queryable,
	filter: ListRefunds,
): Promise<Refund[] | undefined> {
	const after = filter.cursor === undefined ? [null] : decodeCursor(filter.cursor, 1);
	if (after === undefined || (after[0] != null && !UUID.test(after[0]))) return undefined;
	const { rows } = await db.query<Row>(
		`SELECT ${COLUMNS} ${FROM} WHERE ($1::uuid IS NULL OR r.order_id = $1)
			AND ($2::uuid IS NULL OR r.payment_id = $2) AND ($3::text IS NULL OR r.status = $3)
			AND ($4::uuid IS NULL OR r.id < $4)
		ORDER BY r.id DESC LIMIT $5`,
		[
			filter.orderId ?? null,
			filter.paymentId ?? null,
			filter.status ?? null,
			...after,
			filter.limit + 1,
		],
	);
	return rows.map(toRefund);
}

export function cursorOf({ id }: { id: string }): string {
	return encodeCursor([id]);
}

function toRefund(row: Row): Refund {
	return {
		...row,
		createdAt: row.createdAt.toISOString(),
		updatedAt: row.updatedAt.toISOString(),
		succeededAt: row.succeededAt?.toISOString() ?? null,
	};
}
