import { decodeCursor, encodeCursor, type Queryable, type Tx } from '@autopilot/postgres';
import type { DisputeChanged } from '../gateways/gateway.ts';
import { ORDER_SUMMARY } from '../payments/view.ts';
import type { Dispute, ListDisputes } from './schema.ts';

const COLUMNS = `d.id, d.payment_id AS "paymentId", d.order_id AS "orderId", ${ORDER_SUMMARY}, d.gateway,
	d.external_ref AS "disputeRef", d.status, d.amount, d.currency, d.reason, d.evidence_due_at AS "evidenceDueAt",
	d.correlation_id AS "correlationId", d.created_at AS "createdAt", d.updated_at AS "updatedAt",
	d.closed_at AS "closedAt"`;
const FROM = 'FROM disputes d JOIN orders o ON o.id = d.order_id';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type Row = Omit<Dispute, 'evidenceDueAt' | 'createdAt' | 'updatedAt' | 'closedAt'> & {
	evidenceDueAt: Date | null;
	createdAt: Date;
	updatedAt: Date;
	closedAt: Date | null;
};

/** Its payment must be locked. */
export async function findNamedDispute(
	tx: Tx,
	gateway: string,
	disputeRef: string,
): Promise<Dispute | undefined> {
	const { rows } = await tx.query<Row>(
		`SELECT ${COLUMNS} ${FROM} WHERE d.gateway = $1 AND d.external_ref = $2`,
		[gateway, disputeRef],
	);
	return rows.map(toDispute)[0];
}

export async function saveDispute(
	tx: Tx,
	fact: DisputeChanged,
	{ paymentId, at }: { paymentId: string; at: Date },
): Promise<Dispute> {
	const { rows } = await tx.query<Row>(
		`WITH d AS (
			INSERT INTO disputes AS d (payment_id, order_id, gateway, external_ref, status, amount, currency, reason,
				evidence_due_at, source_at, correlation_id, closed_at)
			SELECT p.id, p.order_id, p.gateway, $2, $3, $4, $5, $6, $7, $8, p.correlation_id,
				CASE WHEN $3 IN ('won', 'lost') THEN $8::timestamptz END
			FROM payments p WHERE p.id = $1
			ON CONFLICT (gateway, external_ref) DO UPDATE SET status = $3, amount = $4,
				reason = coalesce($6, d.reason), evidence_due_at = coalesce($7, d.evidence_due_at),
				source_at = greatest(d.source_at, $8), updated_at = now(),
				closed_at = CASE WHEN $3 IN ('won', 'lost') THEN $8::timestamptz END
			RETURNING *
		)
		SELECT ${COLUMNS} FROM d JOIN orders o ON o.id = d.order_id`,
		[
			paymentId,
			fact.disputeRef,
			fact.status,
			fact.amount,
			fact.currency,
			fact.reason ?? null,
			fact.evidenceDueAt ?? null,
			at,
		],
	);
	const [dispute] = rows.map(toDispute);
	if (dispute === undefined) throw new Error('INSERT ... RETURNING gave no row.');
	return dispute;
}

export async function findDispute(db: Queryable, id: string): Promise<Dispute | undefined> {
	const { rows } = await db.query<Row>(`SELECT ${COLUMNS} ${FROM} WHERE d.id = $1`, [id]);
	return rows.map(toDispute)[0];
}

/** The newest first. @returns up to `limit + 1` disputes, or undefined for a cursor that is none of ours */
export async function selectDisputes(
	db: Queryable,
	filter: ListDisputes,
): Promise<Dispute[] | undefined> {
	const after = filter.cursor === undefined ? [null] : decodeCursor(filter.cursor, 1);
	if (after === undefined || (after[0] != null && !UUID.test(after[0]))) return undefined;
	const { rows } = await db.query<Row>(
		`SELECT ${COLUMNS} ${FROM} WHERE ($1::uuid IS NULL OR d.order_id = $1)
			AND ($2::text IS NULL OR d.status = $2) AND ($3::uuid IS NULL OR d.id < $3)
		ORDER BY d.id DESC LIMIT $4`,
		[filter.orderId ?? null, filter.status ?? null, ...after, filter.limit + 1],
	);
	return rows.map(toDispute);
}

export function cursorOf({ id }: { id: string }): string {
	return encodeCursor([id]);
}

function toDispute(row: Row): Dispute {
	return {
		...row,
		evidenceDueAt: row.evidenceDueAt?.toISOString() ?? null,
		createdAt: row.createdAt.toISOString(),
		updatedAt: row.updatedAt.toISOString(),
		closedAt: row.closedAt?.toISOString() ?? null,
	};
}
