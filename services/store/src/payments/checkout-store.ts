import { type Queryable, statement } from '@autopilot/postgres';
import type { CheckoutRequest } from '../gateways/gateway.ts';
import type { Payment } from './schema.ts';
import { PAYMENT_COLUMNS, type PaymentRow, toPayment } from './view.ts';

/** What a pay page is asked for, but for what its row says. */
export type StoredRequest = Omit<CheckoutRequest, 'paymentId' | 'expiresAt'> & {
	expiresAt: string;
};

export interface PagePayment {
	payment: Payment;
	request: StoredRequest;
	url: string | null;
	expiresAt: Date | null;
}

type Row = PaymentRow & {
	request: StoredRequest;
	url: string | null;
	pageExpiresAt: Date | null;
};

const EXTRA = `p.request, p.session_url AS url, p.session_expires_at AS "pageExpiresAt"`;

const BEGIN = statement(`WITH p AS (
		INSERT INTO payments AS p (order_id, gateway, status, amount, currency, request, correlation_id)
		SELECT id, $2, 'creating', $3, currency, $4, correlation_id FROM (
			-- Waits for who prices the order anew, and finds nothing once that is done.
			SELECT * FROM orders WHERE id = $1 AND total = $5 FOR KEY SHARE
		) o
		ON CONFLICT (order_id) WHERE kind = 'order' AND status IN ('creating', 'open', 'pending')
			DO UPDATE SET updated_at = now()
		RETURNING *
	)
	SELECT ${PAYMENT_COLUMNS}, ${EXTRA} FROM p JOIN orders o ON o.id = p.order_id`);

/**
 * Makes the payment of an order's next pay page, or gives the one that is under way.
 * @param page.total  what the order costs, by which the page was reckoned
 * @returns undefined when the order costs something else by now
 */
export async function beginPage(
	db: Queryable,
	page: { orderId: string; gateway: string; amount: number; total: number; request: StoredRequest },
): Promise<PagePayment | undefined> {
	const { rows } = await db.query<Row>(BEGIN, [
		page.orderId,
		page.gateway,
		page.amount,
		page.request,
		page.total,
	]);
	return rows.map(({ request, url, pageExpiresAt, ...row }) => ({
		payment: toPayment(row),
		request,
		url,
		expiresAt: pageExpiresAt,
	}))[0];
}

/*
 * One statement, so that a page costs one round trip once the gateway has answered. The order comes first, as in
 * everything that changes one: who asks for the page holds it already.
 */
const OPEN = statement(`WITH o AS MATERIALIZED (
		SELECT * FROM orders WHERE id = (SELECT order_id FROM payments WHERE id = $1) FOR UPDATE
	), p AS (
		UPDATE payments p SET status = CASE WHEN p.status = 'creating' THEN 'open' ELSE p.status END,
			session_ref = $2, session_url = $3, session_expires_at = $4, updated_at = now()
		FROM o WHERE p.id = $1 AND o.id = p.order_id RETURNING p.*
	), pending AS (
		UPDATE orders t SET status = 'pending_payment', payment_status = 'pending', updated_at = now(),
			expires_at = greatest(t.expires_at, $4)
		FROM o, p WHERE t.id = o.id AND p.status = 'open' AND p.superseded_at IS NULL
			AND (o.status = 'created' OR (o.status = 'pending_payment' AND o.expires_at < $4))
		RETURNING t.id, o.status AS from_status, t.correlation_id
	), history AS (
		INSERT INTO order_history (order_id, kind, from_status, to_status, correlation_id)
		SELECT id, 'payment_pending', from_status, 'pending_payment', correlation_id FROM pending
	)
	SELECT ${PAYMENT_COLUMNS} FROM p JOIN o ON o.id = p.order_id`);

/**
 * The page is there: its payment is open, unless it has come through meanwhile, and its order waits for it. The stock
 * is held at least until the page closes.
 * @returns the payment, with its order as it was found
 */
export async function openPage(
	db: Queryable,
	id: string,
	session: { sessionRef: string; url: string; expiresAt: Date },
): Promise<Payment | undefined> {
	const { rows } = await db.query<PaymentRow>(OPEN, [
		id,
		session.sessionRef,
		session.url,
		session.expiresAt,
	]);
	return rows.map(toPayment)[0];
}

/** The page is closed, unless it was paid. */
export async function closePage(
	db: Queryable,
	id: string,
	outcome: { status: 'expired' | 'failed'; failure?: { code: string; message: string } },
): Promise<void> {
	await db.query(
		`UPDATE payments SET status = $2, failure_code = coalesce($3, failure_code),
			failure_message = coalesce($4, failure_message), updated_at = now()
		WHERE id = $1 AND status IN ('creating', 'open')`,
		[id, outcome.status, outcome.failure?.code ?? null, outcome.failure?.message ?? null],
	);
}

/** Pages that must not be paid any more: their order is over or costs something else, or their own time is over. */
export async function pagesToClose(
	db: Queryable,
	limit: number,
): Promise<{ id: string; gateway: string; sessionRef: string | null }[]> {
	const { rows } = await db.query<{ id: string; gateway: string; sessionRef: string | null }>(
		`SELECT p.id, p.gateway, p.session_ref AS "sessionRef"
		FROM payments p JOIN orders o ON o.id = p.order_id
		WHERE p.kind = 'order' AND p.status IN ('creating', 'open')
			AND (o.status NOT IN ('created', 'pending_payment') OR p.superseded_at IS NOT NULL OR p.session_expires_at < now() - interval '5 minutes')
		ORDER BY p.id LIMIT $1`,
		[limit],
	);
	return rows;
}

const PLANS =
	statement(`SELECT id, interval, interval_count AS "intervalCount", trial_days AS "trialDays"
	FROM plans WHERE id = ANY($1)`);

export interface PlanTerms {
	id: string;
	interval: 'day' | 'week' | 'month' | 'year';
	intervalCount: number;
	trialDays: number;
}

export async function plansOf(db: Queryable, ids: string[]): Promise<PlanTerms[]> {
	if (ids.length === 0) return [];
	const { rows } = await db.query<PlanTerms>(PLANS, [ids]);
	return rows;
}
