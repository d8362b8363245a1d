import { statement, type Tx } from '@autopilot/postgres';
import { iso } from '../shipments/view.ts';
import type { Order } from './schema.ts';

/*
 * All that a payment changes in an order, in one statement: reservation, customer, order, history.
 * The customer is inserted only when none is seen; when two payments of one new e-mail come at once, the second finds
 * the row of the first by the conflict.
 */
const PAY = statement(
	`WITH taken AS (
		UPDATE reservations SET state = 'taken' WHERE order_id = $1 AND state = 'held'
	), known AS MATERIALIZED (
		SELECT id FROM customers WHERE $2::uuid IS NULL AND lower(email) = lower($3)
	), made AS (
		INSERT INTO customers (email, name, locale)
		SELECT $3, $4, $5 WHERE $2::uuid IS NULL AND NOT EXISTS (SELECT FROM known)
		ON CONFLICT (lower(email)) DO UPDATE SET email = customers.email
		RETURNING *, xmax = 0 AS created
	), paid AS (
		UPDATE orders SET status = 'paid', payment_status = 'paid', captured = $6, payment_id = $7, paid_at = now(),
			updated_at = now(), customer_id = coalesce($2, (SELECT id FROM known), (SELECT id FROM made))
		WHERE id = $1
		RETURNING customer_id, paid_at
	), history AS (
		INSERT INTO order_history (order_id, kind, from_status, to_status, detail, correlation_id)
		VALUES ($1, 'paid', $8, 'paid', $9, $10)
	)
	SELECT p.customer_id AS id, p.paid_at AS "paidAt", coalesce(m.created, false) AS created,
		jsonb_build_object('id', m.id, 'email', m.email, 'name', m.name, 'locale', m.locale,
			'attributes', m.attributes, 'marketingConsent', m.marketing_consent, 'createdAt', ${iso('m.created_at')},
			'updatedAt', ${iso('m.updated_at')}) AS data
	FROM paid p LEFT JOIN made m ON true`,
);

interface Row {
	id: string | null;
	paidAt: Date;
	created: boolean;
	data: unknown;
}

/** Marks a locked order that holds its stock as paid. */
export async function payHeld(
	tx: Tx,
	order: Order,
	payment: {
		paymentId: string;
		amount: number;
		currency: string;
		at: Date | string;
		correlationId: string;
	},
): Promise<{
	customer: { id: string; created: boolean; data: unknown } | undefined;
	paidAt: string;
}> {
	const { paymentId, amount, currency, at } = payment;
	const { rows } = await tx.query<Row>(PAY, [
		order.id,
		order.customerId,
		order.email,
		order.name,
		order.locale,
		amount,
		paymentId,
		order.status,
		{ paymentId, amount, currency, at },
		payment.correlationId,
	]);
	const [row] = rows;
	if (row === undefined) throw new Error('A locked order was not found.');
	const { id, created, data } = row;
	const customer = id === null ? undefined : { id, created, data };
	return { customer, paidAt: row.paidAt.toISOString() };
}
