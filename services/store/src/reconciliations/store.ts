import { decodeCursor, encodeCursor, type Queryable } from '@autopilot/postgres';
import type { Difference, ListReconciliations, Reconciliation } from './schema.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const COLUMNS = `id, gateway, status, window_start AS "windowStart", window_end AS "windowEnd", checked, repaired,
	differences, error, created_at AS "createdAt", finished_at AS "finishedAt"`;

type Row = Omit<Reconciliation, 'windowStart' | 'windowEnd' | 'createdAt' | 'finishedAt'> & {
	windowStart: Date;
	windowEnd: Date;
	createdAt: Date;
	finishedAt: Date | null;
};

export async function insertReconciliation(
	db: Queryable,
	{ gateway, from, to }: { gateway: string; from: Date; to: Date },
): Promise<string> {
	const { rows } = await db.query<{ id: string }>(
		`INSERT INTO reconciliations (gateway, status, window_start, window_end)
		VALUES ($1, 'running', $2, $3) RETURNING id`,
		[gateway, from, to],
	);
	const [row] = rows;
	if (row === undefined) throw new Error('INSERT ... RETURNING gave no row.');
	return row.id;
}

export async function finishReconciliation(
	db: Queryable,
	id: string,
	outcome: { checked: number; repaired: number; differences: Difference[]; error: string | null },
): Promise<Reconciliation> {
	const { rows } = await db.query<Row>(
		`UPDATE reconciliations SET status = CASE WHEN $5::text IS NULL THEN 'succeeded' ELSE 'failed' END,
			checked = $2, repaired = $3, differences = $4, error = $5, finished_at = now()
		WHERE id = $1 RETURNING ${COLUMNS}`,
		[id, outcome.checked, outcome.repaired, JSON.stringify(outcome.differences), outcome.error],
	);
	const [row] = rows.map(toReconciliation);
	if (row === undefined) throw new Error('UPDATE ... RETURNING gave no row.');
	return row;
}

/** The newest first. @returns up to `limit + 1`, or undefined for a cursor that is none of ours */
export async function selectReconciliations(
	db: Queryable,
	filter: ListReconciliations,
): Promise<Reconciliation[] | undefined> {
	const after = filter.cursor === undefined ? [null] : decodeCursor(filter.cursor, 1);
	if (after === undefined || (after[0] != null && !UUID.test(after[0]))) return undefined;
	const { rows } = await db.query<Row>(
		`SELECT ${COLUMNS} FROM reconciliations WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2`,
		[...after, filter.limit + 1],
	);
	return rows.map(toReconciliation);
}

export function cursorOf({ id }: { id: string }): string {
	return encodeCursor([id]);
}

/** Events of a list that the inbox has, and what became of them. */
export async function knownEvents(
	db: Queryable,
	gateway: string,
	ids: string[],
): Promise<Map<string, string>> {
	const { rows } = await db.query<{ id: string; state: string }>(
		`SELECT external_id AS id, state FROM gateway_events WHERE gateway = $1 AND external_id = ANY($2)`,
		[gateway, ids],
	);
	return new Map(rows.map(({ id, state }) => [id, state]));
}

export interface OurPayment {
	id: string;
	paymentRef: string;
	chargeRef: string | null;
	orderId: string;
	captured: number;
	currency: string;
	fee: number | null;
	inWindow: boolean;
}

/** Payments of ours that were taken in the window, or that the gateway has listed. */
export async function ourPayments(
	db: Queryable,
	{ gateway, from, to, refs }: { gateway: string; from: Date; to: Date; refs: string[] },
): Promise<OurPayment[]> {
	const { rows } = await db.query<OurPayment>(
		`SELECT id, payment_ref AS "paymentRef", charge_ref AS "chargeRef", order_id AS "orderId", captured, currency,
			fee, succeeded_at >= $2 AND succeeded_at < $3 AS "inWindow"
		FROM payments WHERE gateway = $1 AND status IN ('succeeded', 'rejected') AND payment_ref IS NOT NULL
			AND ((succeeded_at >= $2 AND succeeded_at < $3) OR payment_ref = ANY($4))`,
		[gateway, from, to, refs],
	);
	return rows;
}

export interface OurRefund {
	refundRef: string;
	orderId: string;
	amount: number;
	status: string;
}

export async function ourRefunds(
	db: Queryable,
	gateway: string,
	refs: string[],
): Promise<OurRefund[]> {
	const { rows } = await db.query<OurRefund>(
		`SELECT external_ref AS "refundRef", order_id AS "orderId", amount, status
		FROM refunds WHERE gateway = $1 AND external_ref = ANY($2)`,
		[gateway, refs],
	);
	return rows;
}

/** Which of these payments are of orders or subscriptions of ours, whatever their state. */
export async function ourRefs(
	db: Queryable,
	gateway: string,
	refs: string[],
): Promise<Set<string>> {
	const { rows } = await db.query<{ ref: string }>(
		'SELECT payment_ref AS ref FROM payments WHERE gateway = $1 AND payment_ref = ANY($2)',
		[gateway, refs],
	);
	return new Set(rows.map(({ ref }) => ref));
}

function toReconciliation(row: Row): Reconciliation {
	return {
		...row,
		windowStart: row.windowStart.toISOString(),
		windowEnd: row.windowEnd.toISOString(),
		createdAt: row.createdAt.toISOString(),
		finishedAt: row.finishedAt?.toISOString() ?? null,
	};
}
