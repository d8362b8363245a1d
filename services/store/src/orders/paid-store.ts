import { statement, type Tx } from '@autopilot/postgres';
import { iso } from '../shipments/view.ts';
import type { Order } from './schema.ts';

/*
 * All that payments change in their orders, in one statement: reservations, customers, orders, history.
 * A customer is inserted only when none is seen; when two payments of one new e-mail come at once, the second finds the
 * row of the first by the conflict.
 */
const PAY = statement(
	`WITH p AS MATERIALIZED (
		SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[],
			$8::text[], $9::jsonb[], $10::text[]) AS p (order_id, customer_id, email, name, locale, amount, payment_id,
			status, detail, correlation_id)
	), taken AS (
		UPDATE reservations r SET state = 'taken' FROM p WHERE r.order_id = p.order_id AND r.state = 'held'
	), known AS MATERIALIZED (
		SELECT p.order_id, c.id FROM p JOIN customers c ON lower(c.email) = lower(p.email) WHERE p.customer_id IS NULL
	), made AS (
		INSERT INTO customers (email, name, locale)
		SELECT DISTINCT ON (lower(p.email)) p.email, p.name, p.locale FROM p
		WHERE p.customer_id IS NULL AND NOT EXISTS (SELECT FROM known k WHERE k.order_id = p.order_id)
		ORDER BY lower(p.email), p.order_id
		ON CONFLICT (lower(email)) DO UPDATE SET email = customers.email
		RETURNING *, xmax = 0 AS created
	), paid AS (
		UPDATE orders o SET status = 'paid', payment_status = 'paid', captured = p.amount, payment_id = p.payment_id,
			paid_at = now(), updated_at = now(), customer_id = coalesce(p.customer_id, k.id, m.id)
		FROM p LEFT JOIN known k ON k.order_id = p.order_id LEFT JOIN made m ON lower(m.email) = lower(p.email)
		WHERE o.id = p.order_id
		RETURNING o.id AS order_id, o.customer_id, o.paid_at
	), history AS (
		INSERT INTO order_history (order_id, kind, from_status, to_status, detail, correlation_id)
		SELECT order_id, 'paid', status, 'paid', detail, correlation_id FROM p
	)
	SELECT p.order_id AS "orderId", p.customer_id AS "customerId", p.paid_at AS "paidAt",
		CASE WHEN m.created THEN jsonb_build_object('id', m.id, 'email', m.email, 'name', m.name, 'locale', m.locale,
			'attributes', m.attributes, 'marketingConsent', m.marketing_consent, 'createdAt', ${iso('m.created_at')},
			'updatedAt', ${iso('m.updated_at')}) END AS created
	FROM paid p LEFT JOIN made m ON m.id = p.customer_id`,
);

interface Row {
	orderId: string;
	customerId: string | null;
	paidAt: Date;
	created: NewCustomer | null;
}

/** A customer as `customer.created` tells it. */
export interface NewCustomer {
	id: string;
}

export interface HeldOrder {
	/** Locked, and holding its stock. */
	order: Order;
	paymentId: string;
	/** Minor units of `currency`. */
	amount: number;
	currency: string;
	at: Date | string;
	correlationId: string;
}

/** Marks orders as paid. @returns them as they are now, and the customers that were made on the way */
export async function payHeld(
	tx: Tx,
	held: readonly HeldOrder[],
): Promise<{ orders: Order[]; customers: Map<string, NewCustomer> }> {
	const { rows } = await tx.query<Row>(PAY, [
		held.map(({ order }) => order.id),
		held.map(({ order }) => order.customerId),
		held.map(({ order }) => order.email),
		held.map(({ order }) => order.name),
		held.map(({ order }) => order.locale),
		held.map(({ amount }) => amount),
		held.map(({ paymentId }) => paymentId),
		held.map(({ order }) => order.status),
		held.map(({ paymentId, amount, currency, at }) =>
			JSON.stringify({ paymentId, amount, currency, at }),
		),
		held.map(({ correlationId }) => correlationId),
	]);
	const customers = new Map<string, NewCustomer>();
	const paid = new Map(rows.map((row) => [row.orderId, row]));
	const orders = held.map(({ order, amount }): Order => {
		const row = paid.get(order.id);
		if (row === undefined) throw new Error('A locked order was not found.');
		if (row.created !== null && !customers.has(row.created.id)) {
			customers.set(row.created.id, row.created);
		}
		const paidAt = row.paidAt.toISOString();
		const { customerId } = row;
		const money = { status: 'paid', paymentStatus: 'paid', captured: amount } as const;
		return { ...order, ...money, customerId, paidAt, updatedAt: paidAt };
	});
	return { orders, customers };
}
