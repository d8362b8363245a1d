import {
	decodeCursor,
	encodeCursor,
	type Queryable,
	statement,
	type Tx,
} from '@autopilot/postgres';
import type { PaymentNames } from '../gateways/gateway.ts';
import type { ListPayments, Payment, Rejection } from './schema.ts';
import { PAYMENT_COLUMNS, type PaymentRow, toPayment } from './view.ts';

const FROM = 'FROM payments p JOIN orders o ON o.id = p.order_id';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const FIND = statement(`SELECT ${PAYMENT_COLUMNS} ${FROM} WHERE p.id = $1`);

export async function findPayment(db: Queryable, id: string): Promise<Payment | undefined> {
	const { rows } = await db.query<PaymentRow>(FIND, [id]);
	return rows.map(toPayment)[0];
}

// The order first, as everything that changes an order begins with it.
const LOCK = statement(`SELECT ${PAYMENT_COLUMNS} ${FROM} WHERE p.id = $1 FOR UPDATE OF o, p`);

/** The payment and its order, locked until the transaction ends. */
export async function lockPayment(tx: Tx, id: string): Promise<Payment | undefined> {
	const { rows } = await tx.query<PaymentRow>(LOCK, [id]);
	return rows.map(toPayment)[0];
}

const LOCK_NAMED = statement(`SELECT ${PAYMENT_COLUMNS} ${FROM}
	WHERE p.id = $2 OR (p.gateway = $1 AND p.session_ref = $3) OR (p.gateway = $1 AND p.payment_ref = $4)
		OR (p.gateway = $1 AND p.invoice_ref = $5) OR (p.gateway = $1 AND p.charge_ref = $6)
	ORDER BY p.payment_ref IS NOT DISTINCT FROM $4 DESC, p.id LIMIT 1 FOR UPDATE OF o, p`);

/** The payment that a fact is about, by any of its names, locked with its order until the transaction ends. */
export async function lockNamed(
	tx: Tx,
	gateway: string,
	names: PaymentNames,
): Promise<Payment | undefined> {
	const { rows } = await tx.query<PaymentRow>(LOCK_NAMED, [
		gateway,
		names.paymentId ?? null,
		names.sessionRef ?? null,
		names.paymentRef ?? null,
		names.invoiceRef ?? null,
		names.chargeRef ?? null,
	]);
	return rows.map(toPayment)[0];
}

/** The payment that an order waits for or was paid by, locked with its order until the transaction ends. */
export async function lockOfOrder(
	tx: Tx,
	gateway: string,
	orderId: string,
): Promise<Payment | undefined> {
	const { rows } = await tx.query<PaymentRow>(
		`SELECT ${PAYMENT_COLUMNS} ${FROM} WHERE p.gateway = $1 AND p.order_id = $2 AND p.kind = 'order'
			AND p.status IN ('creating', 'open', 'pending', 'succeeded')
		ORDER BY p.status = 'succeeded' DESC, p.id DESC LIMIT 1 FOR UPDATE OF o, p`,
		[gateway, orderId],
	);
	return rows.map(toPayment)[0];
}

export interface NewPayment {
	orderId: string;
	kind: Payment['kind'];
	gateway: string;
	status: Payment['status'];
	subscriptionId?: string;
	amount: number;
	currency: string;
}

/** Of a payment that the gateway knows of and we did not. @returns undefined when there is no such order */
export async function insertPayment(tx: Tx, payment: NewPayment): Promise<Payment | undefined> {
	const { rows } = await tx.query<PaymentRow>(
		`WITH o AS (SELECT * FROM orders WHERE id = $1 FOR UPDATE), p AS (
			INSERT INTO payments (order_id, kind, gateway, status, subscription_id, amount, currency, correlation_id)
			SELECT id, $2, $3, $4, $5, $6, $7, correlation_id FROM o RETURNING *
		)
		SELECT ${PAYMENT_COLUMNS} FROM p JOIN o ON o.id = p.order_id`,
		[
			payment.orderId,
			payment.kind,
			payment.gateway,
			payment.status,
			payment.subscriptionId ?? null,
			payment.amount,
			payment.currency,
		],
	);
	return rows.map(toPayment)[0];
}

export interface PaymentChange {
	status?: Payment['status'];
	rejection?: Rejection;
	captured?: number;
	currency?: string;
	failure?: { code: string; message: string } | undefined;
	succeededAt?: Date;
	fee?: number | undefined;
	names?: PaymentNames;
}

const CHANGE =
	statement(`UPDATE payments p SET status = coalesce($2, p.status), rejection = coalesce($3, rejection),
		captured = coalesce($4, p.captured), currency = coalesce($5, p.currency),
		failure_code = coalesce($6, failure_code), failure_message = coalesce($7, failure_message),
		succeeded_at = coalesce($8, succeeded_at), fee = coalesce($9, fee),
		session_ref = coalesce(session_ref, $10), payment_ref = coalesce(payment_ref, $11),
		charge_ref = coalesce(charge_ref, $12), invoice_ref = coalesce(invoice_ref, $13),
		customer_ref = coalesce(customer_ref, $14), updated_at = now()
	FROM orders o WHERE p.id = $1 AND o.id = p.order_id RETURNING ${PAYMENT_COLUMNS}`);

export async function changePayment(tx: Tx, id: string, change: PaymentChange): Promise<Payment> {
	const { names } = change;
	const { rows } = await tx.query<PaymentRow>(CHANGE, [
		id,
		change.status ?? null,
		change.rejection ?? null,
		change.captured ?? null,
		change.currency ?? null,
		change.failure?.code ?? null,
		change.failure?.message ?? null,
		change.succeededAt ?? null,
		change.fee ?? null,
		names?.sessionRef ?? null,
		names?.paymentRef ?? null,
		names?.chargeRef ?? null,
		names?.invoiceRef ?? null,
		names?.customerRef ?? null,
	]);
	return only(rows.map(toPayment));
}

const MOVE =
	statement(`UPDATE payments p SET refunded = p.refunded + $2, refund_pending = p.refund_pending + $3,
		disputed = p.disputed + $4, updated_at = now()
	FROM orders o WHERE p.id = $1 AND o.id = p.order_id RETURNING ${PAYMENT_COLUMNS}`);

/** Adds to what is refunded, on its way back, or disputed; the database refuses more than was captured. */
export async function moveAmounts(
	tx: Tx,
	id: string,
	move: { refunded?: number; refundPending?: number; disputed?: number },
): Promise<Payment> {
	const { rows } = await tx.query<PaymentRow>(MOVE, [
		id,
		move.refunded ?? 0,
		move.refundPending ?? 0,
		move.disputed ?? 0,
	]);
	return only(rows.map(toPayment));
}

const REMEMBER_CUSTOMER =
	statement(`INSERT INTO gateway_customers (gateway, external_ref, customer_id)
	SELECT $1, $2, customer_id FROM orders WHERE id = $3 AND customer_id IS NOT NULL
	ON CONFLICT (gateway, external_ref) DO UPDATE SET customer_id = EXCLUDED.customer_id`);

export async function rememberCustomer(
	tx: Tx,
	gateway: string,
	{ customerRef, orderId }: { customerRef: string; orderId: string },
): Promise<void> {
	await tx.query(REMEMBER_CUSTOMER, [gateway, customerRef, orderId]);
}

/** By what name a gateway knows a customer of ours: the newest, if there are several. */
export async function findCustomerRef(
	db: Queryable,
	customerId: string,
	gateway?: string,
): Promise<{ gateway: string; customerRef: string } | undefined> {
	const { rows } = await db.query<{ gateway: string; customerRef: string }>(
		`SELECT gateway, external_ref AS "customerRef" FROM gateway_customers
		WHERE customer_id = $1 AND ($2::text IS NULL OR gateway = $2) ORDER BY created_at DESC LIMIT 1`,
		[customerId, gateway ?? null],
	);
	return rows[0];
}

/** The newest first. @returns up to `limit + 1` payments, or undefined for a cursor that is none of ours */
export async function selectPayments(
	db: Queryable,
	filter: ListPayments,
): Promise<Payment[] | undefined> {
	const after = filter.cursor === undefined ? [null] : decodeCursor(filter.cursor, 1);
	if (after === undefined || (after[0] != null && !UUID.test(after[0]))) return undefined;
	const { rows } = await db.query<PaymentRow>(
		`SELECT ${PAYMENT_COLUMNS} ${FROM} WHERE ($1::uuid IS NULL OR p.order_id = $1)
			AND ($2::text IS NULL OR p.status = $2) AND ($3::uuid IS NULL OR p.id < $3)
		ORDER BY p.id DESC LIMIT $4`,
		[filter.orderId ?? null, filter.status ?? null, ...after, filter.limit + 1],
	);
	return rows.map(toPayment);
}

export function cursorOf({ id }: { id: string }): string {
	return encodeCursor([id]);
}

function only(payments: Payment[]): Payment {
	const [payment] = payments;
	if (payment === undefined) throw new Error('UPDATE ... RETURNING gave no row.');
	return payment;
}
