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

const LOCK_MANY = statement(`SELECT ${PAYMENT_COLUMNS} ${FROM}
	WHERE p.id = ANY ($1::uuid[]) ORDER BY o.id, p.id FOR UPDATE OF o, p`);

/** Payments and their orders, locked in the order of the orders' ids until the transaction ends; unknown ones are left out. */
export async function lockPayments(tx: Tx, ids: readonly string[]): Promise<Payment[]> {
	const { rows } = await tx.query<PaymentRow>(LOCK_MANY, [ids]);
	return rows.map(toPayment);
}

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
	statement(`UPDATE payments p SET status = coalesce(c.status, p.status), rejection = coalesce(c.rejection, p.rejection),
		captured = coalesce(c.captured, p.captured), currency = coalesce(c.currency, p.currency),
		failure_code = coalesce(c.failure_code, p.failure_code),
		failure_message = coalesce(c.failure_message, p.failure_message),
		succeeded_at = coalesce(c.succeeded_at, p.succeeded_at), fee = coalesce(c.fee, p.fee),
		session_ref = coalesce(p.session_ref, c.session_ref), payment_ref = coalesce(p.payment_ref, c.payment_ref),
		charge_ref = coalesce(p.charge_ref, c.charge_ref), invoice_ref = coalesce(p.invoice_ref, c.invoice_ref),
		customer_ref = coalesce(p.customer_ref, c.customer_ref), updated_at = now()
	FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[],
		$8::timestamptz[], $9::bigint[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[])
		AS c (id, status, rejection, captured, currency, failure_code, failure_message, succeeded_at, fee,
			session_ref, payment_ref, charge_ref, invoice_ref, customer_ref), orders o
	WHERE p.id = c.id AND o.id = p.order_id RETURNING ${PAYMENT_COLUMNS}`);

/** Changes locked payments, each once. @returns them as they are now, in the order of the changes */
export async function changePayments(
	tx: Tx,
	changes: readonly (PaymentChange & { id: string })[],
): Promise<Payment[]> {
	const all = (value: (change: PaymentChange) => unknown) =>
		changes.map((change) => value(change) ?? null);
	const { rows } = await tx.query<PaymentRow>(CHANGE, [
		changes.map(({ id }) => id),
		all(({ status }) => status),
		all(({ rejection }) => rejection),
		all(({ captured }) => captured),
		all(({ currency }) => currency),
		all(({ failure }) => failure?.code),
		all(({ failure }) => failure?.message),
		all(({ succeededAt }) => succeededAt),
		all(({ fee }) => fee),
		all(({ names }) => names?.sessionRef),
		all(({ names }) => names?.paymentRef),
		all(({ names }) => names?.chargeRef),
		all(({ names }) => names?.invoiceRef),
		all(({ names }) => names?.customerRef),
	]);
	const after = new Map(rows.map((row) => [row.id, toPayment(row)]));
	return changes.map(({ id }) => only([after.get(id)]));
}

export async function changePayment(tx: Tx, id: string, change: PaymentChange): Promise<Payment> {
	return only(await changePayments(tx, [{ id, ...change }]));
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

// In the order of their names, so that two workers never wait for each other.
const REMEMBER_CUSTOMERS =
	statement(`INSERT INTO gateway_customers (gateway, external_ref, customer_id)
	SELECT DISTINCT ON (r.gateway, r.customer_ref) r.gateway, r.customer_ref, o.customer_id
	FROM unnest($1::text[], $2::text[], $3::uuid[]) AS r (gateway, customer_ref, order_id)
		JOIN orders o ON o.id = r.order_id AND o.customer_id IS NOT NULL
	ORDER BY r.gateway, r.customer_ref, o.id DESC
	ON CONFLICT (gateway, external_ref) DO UPDATE SET customer_id = EXCLUDED.customer_id`);

/** By what names gateways know the customers of paid orders. */
export async function rememberCustomers(
	tx: Tx,
	known: readonly { gateway: string; customerRef: string; orderId: string }[],
): Promise<void> {
	if (known.length === 0) return;
	await tx.query(REMEMBER_CUSTOMERS, [
		known.map(({ gateway }) => gateway),
		known.map(({ customerRef }) => customerRef),
		known.map(({ orderId }) => orderId),
	]);
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

function only(payments: (Payment | undefined)[]): Payment {
	const [payment] = payments;
	if (payment === undefined) throw new Error('UPDATE ... RETURNING gave no row.');
	return payment;
}
