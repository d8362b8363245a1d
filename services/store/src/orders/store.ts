import { type Queryable, statement, type Tx } from '@autopilot/postgres';
import type { Order, OrderFilter, OrderStatus, PaymentStatus } from './schema.ts';
import { ORDER_COLUMNS, type OrderRow, toOrder } from './view.ts';

const FIND_BY_NUMBER = statement(
	`SELECT ${ORDER_COLUMNS} FROM orders o WHERE o.number = upper($1)`,
);
const FIND_BY_ID = statement(`SELECT ${ORDER_COLUMNS} FROM orders o WHERE o.id = $1`);
const LOCK = statement(`SELECT ${ORDER_COLUMNS} FROM orders o WHERE o.id = $1 FOR UPDATE OF o`);

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export async function findOrder(db: Queryable, idOrNumber: string): Promise<Order | undefined> {
	const { rows } = await db.query<OrderRow>(UUID.test(idOrNumber) ? FIND_BY_ID : FIND_BY_NUMBER, [
		idOrNumber,
	]);
	return rows.map(toOrder)[0];
}

const FIND_MANY = statement(`SELECT ${ORDER_COLUMNS} FROM orders o WHERE o.id = ANY ($1::uuid[])`);

/** By id; unknown ones are left out. */
export async function findOrders(
	db: Queryable,
	ids: readonly string[],
): Promise<Map<string, Order>> {
	const { rows } = await db.query<OrderRow>(FIND_MANY, [ids]);
	return new Map(rows.map((row) => [row.id, toOrder(row)]));
}

/**
 * An order, locked until the transaction ends. Everything that changes one begins here, so that changes of one order
 * follow each other.
 */
export async function lockOrderRow(
	tx: Tx,
	id: string,
): Promise<{ order: Order; paymentId: string | null } | undefined> {
	const { rows } = await tx.query<OrderRow>(LOCK, [id]);
	const [row] = rows;
	if (row === undefined) return undefined;
	// After a wait for the lock the row is new, but its shipments are as they were when the statement began.
	if (row.paidAt === null) return { order: toOrder(row), paymentId: row.paymentId };
	const { rows: fresh } = await tx.query<OrderRow>(FIND_BY_ID, [id]);
	const [latest = row] = fresh;
	return { order: toOrder(latest), paymentId: latest.paymentId };
}

/** What changes in an order, and the line of its history that says so. */
export interface Change {
	kind: string;
	status?: OrderStatus;
	paymentStatus?: PaymentStatus;
	captured?: number;
	refunded?: number;
	paymentId?: string;
	expiresAt?: Date;
	detail?: Record<string, unknown>;
}

const CHANGE = statement(
	`WITH before AS (
		SELECT id, status FROM orders WHERE id = $1
	), changed AS (
		UPDATE orders SET status = coalesce($2, status), payment_status = coalesce($3, payment_status),
			captured = coalesce($4, captured), refunded = coalesce($5, refunded), payment_id = coalesce($6, payment_id),
			expires_at = coalesce($7, expires_at), updated_at = now(),
			paid_at = CASE WHEN $2 = 'paid' THEN now() ELSE paid_at END,
			shipped_at = CASE WHEN $2 = 'shipped' THEN now() ELSE shipped_at END,
			delivered_at = CASE WHEN $2 = 'delivered' THEN now() ELSE delivered_at END,
			cancelled_at = CASE WHEN $2 = 'cancelled' THEN now() ELSE cancelled_at END
		WHERE id = $1
	)
	INSERT INTO order_history (order_id, kind, from_status, to_status, detail, correlation_id)
	SELECT id, $8, status, $2, $9, $10 FROM before`,
);

export async function changeOrder(
	tx: Tx,
	id: string,
	change: Change & { correlationId: string },
): Promise<void> {
	await tx.query(CHANGE, [
		id,
		change.status ?? null,
		change.paymentStatus ?? null,
		change.captured ?? null,
		change.refunded ?? null,
		change.paymentId ?? null,
		change.expiresAt ?? null,
		change.kind,
		change.detail ?? {},
		change.correlationId,
	]);
}

export async function updateOrderRow(
	tx: Tx,
	id: string,
	patch: {
		metadata?: object;
		shippingAddress?: object | null;
		billingAddress?: object | null;
	},
): Promise<void> {
	await tx.query(
		`UPDATE orders SET metadata = coalesce($2, metadata), shipping_address = coalesce($3, shipping_address),
			billing_address = coalesce($4, billing_address), updated_at = now() WHERE id = $1`,
		[id, patch.metadata ?? null, patch.shippingAddress ?? null, patch.billingAddress ?? null],
	);
}

// Orders that somebody waited for, and nobody has attended to since. Who waits for others too sleeps on.
const LEFT_WAITS = `SELECT w.order_id FROM order_waits w WHERE w.ended_at IS NOT NULL AND w.attended_at IS NULL
	AND NOT EXISTS (SELECT 1 FROM order_waits s WHERE s.url = w.url AND s.ended_at IS NULL)`;

/** Conditions of `orders o` for a filter, with their values from $1 on. */
export function whereOf(filter: OrderFilter): { sql: string; values: unknown[] } {
	const values: unknown[] = [];
	const conditions: string[] = [];
	const add = (value: unknown, condition: (placeholder: string) => string) => {
		if (value === undefined) return;
		values.push(value);
		conditions.push(condition(`$${values.length}`));
	};
	add(filter.status, (p) => `o.status = ${p}`);
	add(filter.email, (p) => `lower(o.email) = lower(${p})`);
	add(filter.customerId, (p) => `o.customer_id = ${p}`);
	add(filter.from, (p) => `o.created_at >= ${p}`);
	add(filter.to, (p) => `o.created_at < ${p}`);
	add(filter.q, (p) => `strpos(lower(concat_ws(' ', o.number, o.email, o.name)), lower(${p})) > 0`);
	add(
		filter.unattendedMinutes,
		(p) => `(o.status IN ('paid', 'fulfilling', 'shipped')
				OR o.status = 'delivered' AND o.id IN (${LEFT_WAITS}))
			AND o.updated_at < now() - make_interval(mins => ${p})
			AND NOT EXISTS (SELECT 1 FROM order_waits w WHERE w.order_id = o.id AND w.ended_at IS NULL)
			AND NOT coalesce((o.metadata ->> 'needsAttention')::boolean, false)`,
	);
	return { sql: conditions.length === 0 ? 'true' : conditions.join(' AND '), values };
}

/** The newest first, up to `limit + 1`; `cursor` is the id that the page before ended with. */
export async function selectOrders(
	db: Queryable,
	filter: OrderFilter & { limit: number; cursor?: string | undefined },
): Promise<Order[]> {
	const { sql, values } = whereOf(filter);
	const { rows } = await db.query<OrderRow>(
		`SELECT ${ORDER_COLUMNS} FROM orders o
		WHERE ${sql} AND ($${values.length + 1}::uuid IS NULL OR o.id < $${values.length + 1})
		ORDER BY o.id DESC LIMIT $${values.length + 2}`,
		[...values, filter.cursor ?? null, filter.limit + 1],
	);
	return rows.map(toOrder);
}
