import { decodeCursor, encodeCursor, type Queryable, type Tx } from '@autopilot/postgres';
import { ORDER_SUMMARY } from '../payments/view.ts';
import { iso } from '../shipments/view.ts';
import type { ListSubscriptions, Membership, Subscription } from './schema.ts';

const COLUMNS = `s.id, s.order_id AS "orderId", ${ORDER_SUMMARY}, s.order_line_id AS "orderLineId",
	CASE WHEN p.id IS NULL THEN NULL ELSE jsonb_build_object('id', p.id, 'name', p.name, 'interval', p.interval,
		'intervalCount', p.interval_count, 'tier', p.tier) END AS plan,
	s.gateway, s.external_ref AS "subscriptionRef", s.status, s.current_period_start AS "currentPeriodStart",
	s.current_period_end AS "currentPeriodEnd", s.trial_ends_at AS "trialEndsAt",
	s.cancel_at_period_end AS "cancelAtPeriodEnd", s.cancelled_at AS "cancelledAt", s.ended_at AS "endedAt",
	(SELECT coalesce(sum(y.refunded), 0)::bigint FROM payments y WHERE y.subscription_id = s.id) AS refunded,
	(SELECT jsonb_build_object('reason', x.reason, 'requestedAt', ${iso('x.requested_at')}, 'failure', x.failure)
		FROM subscription_cancellations x
		WHERE x.order_id = s.order_id AND coalesce(x.subscription_ref, s.external_ref) = s.external_ref
		ORDER BY x.id LIMIT 1) AS cancellation,
	s.paused_at AS "pausedAt", s.grace_until AS "graceUntil", s.correlation_id AS "correlationId",
	s.created_at AS "createdAt", s.updated_at AS "updatedAt", s.source_at AS "sourceAt",
	s.asked_at AS "askedAt", coalesce(p.grace_days, 7) AS "graceDays"`;
const JOINS = 'JOIN orders o ON o.id = s.order_id LEFT JOIN plans p ON p.id = s.plan_id';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const TIMES = [
	'currentPeriodStart',
	'currentPeriodEnd',
	'trialEndsAt',
	'cancelledAt',
	'endedAt',
	'pausedAt',
	'graceUntil',
] as const;
type Time = (typeof TIMES)[number];

type Row = Omit<Subscription, Time | 'createdAt' | 'updatedAt'> &
	Record<Time, Date | null> & {
		createdAt: Date;
		updatedAt: Date;
		sourceAt: Date;
		askedAt: Date | null;
		graceDays: number;
	};

/** With what decides about the next move; none of it is told. */
export interface Known {
	subscription: Subscription;
	sourceAt: Date;
	/** When this state was asked for, by our own clock; null when it came by itself. */
	askedAt: Date | null;
	graceDays: number;
}

/** Locked until the transaction ends. */
export async function lockSubscription(
	tx: Tx,
	gateway: string,
	subscriptionRef: string,
): Promise<Known | undefined> {
	const { rows } = await tx.query<Row>(
		`SELECT ${COLUMNS} FROM subscriptions s ${JOINS}
		WHERE s.gateway = $1 AND s.external_ref = $2 FOR UPDATE OF s`,
		[gateway, subscriptionRef],
	);
	return rows.map(toKnown)[0];
}

/** Lines of an order that are paid again and again. */
export async function planLines(
	tx: Tx,
	orderId: string,
): Promise<{ id: string; planId: string; graceDays: number }[]> {
	const { rows } = await tx.query<{ id: string; planId: string; graceDays: number }>(
		`SELECT l.id, l.plan_id AS "planId", coalesce(p.grace_days, 7) AS "graceDays"
		FROM order_lines l LEFT JOIN plans p ON p.id = l.plan_id
		WHERE l.order_id = $1 AND l.plan_id IS NOT NULL ORDER BY l.position`,
		[orderId],
	);
	return rows;
}

export interface SubscriptionValues {
	customerRef: string | undefined;
	status: Subscription['status'];
	currentPeriodStart: Date | undefined;
	currentPeriodEnd: Date | undefined;
	trialEndsAt: Date | undefined;
	cancelAtPeriodEnd: boolean;
	cancelledAt: Date | undefined;
	endedAt: Date | undefined;
	pausedAt: Date | undefined;
	graceUntil: Date | undefined;
	sourceAt: Date;
	askedAt: Date | undefined;
}

export async function saveSubscription(
	tx: Tx,
	names: { gateway: string; subscriptionRef: string; orderId: string; orderLineId: string | null },
	values: SubscriptionValues,
): Promise<Known> {
	const { rows } = await tx.query<Row>(
		`WITH s AS (
			INSERT INTO subscriptions AS s (gateway, external_ref, order_id, order_line_id, plan_id, customer_ref, status,
				current_period_start, current_period_end, trial_ends_at, cancel_at_period_end, cancelled_at, ended_at,
				paused_at, grace_until, source_at, asked_at, correlation_id)
			SELECT $1, $2, o.id, $4, (SELECT p.id FROM order_lines l JOIN plans p ON p.id = l.plan_id WHERE l.id = $4),
				$5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, o.correlation_id
			FROM orders o WHERE o.id = $3
			ON CONFLICT (gateway, external_ref) DO UPDATE SET customer_ref = coalesce($5, s.customer_ref), status = $6,
				current_period_start = coalesce($7, s.current_period_start),
				current_period_end = coalesce($8, s.current_period_end),
				trial_ends_at = coalesce($9, s.trial_ends_at), cancel_at_period_end = $10, cancelled_at = $11,
				ended_at = $12, paused_at = $13, grace_until = $14, source_at = $15,
				asked_at = coalesce($16, s.asked_at), updated_at = now()
			RETURNING *
		)
		SELECT ${COLUMNS} FROM s ${JOINS}`,
		[
			names.gateway,
			names.subscriptionRef,
			names.orderId,
			names.orderLineId,
			values.customerRef ?? null,
			values.status,
			values.currentPeriodStart ?? null,
			values.currentPeriodEnd ?? null,
			values.trialEndsAt ?? null,
			values.cancelAtPeriodEnd,
			values.cancelledAt ?? null,
			values.endedAt ?? null,
			values.pausedAt ?? null,
			values.graceUntil ?? null,
			values.sourceAt,
			values.askedAt ?? null,
		],
	);
	return only(rows);
}

/** It was still so at a later time. */
export async function confirmSubscription(
	tx: Tx,
	id: string,
	{ sourceAt, askedAt }: Pick<SubscriptionValues, 'sourceAt' | 'askedAt'>,
): Promise<void> {
	await tx.query(
		`UPDATE subscriptions SET source_at = greatest(source_at, $2), asked_at = greatest(asked_at, $3)
		WHERE id = $1`,
		[id, sourceAt, askedAt ?? null],
	);
}

/** A renewal was paid: it runs on, at least so far. */
export async function extendPeriod(
	tx: Tx,
	id: string,
	{ start, end }: { start: Date | undefined; end: Date | undefined },
): Promise<Known> {
	const { rows } = await tx.query<Row>(
		`WITH s AS (
			UPDATE subscriptions SET
				current_period_start = CASE WHEN $3 > current_period_end THEN $2 ELSE current_period_start END,
				current_period_end = greatest(current_period_end, $3), updated_at = now()
			WHERE id = $1 RETURNING *
		)
		SELECT ${COLUMNS} FROM s ${JOINS}`,
		[id, start ?? null, end ?? null],
	);
	return only(rows);
}

/** One whose grace is over becomes unpaid, here and now. */
export async function endNextGrace(tx: Tx): Promise<Known | undefined> {
	const { rows } = await tx.query<Row>(
		`WITH s AS (
			UPDATE subscriptions SET status = 'unpaid', updated_at = now() WHERE id = (
				SELECT id FROM subscriptions WHERE status = 'past_due' AND grace_until <= now()
				ORDER BY grace_until LIMIT 1 FOR UPDATE SKIP LOCKED
			) RETURNING *
		)
		SELECT ${COLUMNS} FROM s ${JOINS}`,
	);
	return rows.map(toKnown)[0];
}

export async function findSubscription(
	db: Queryable,
	id: string,
): Promise<Subscription | undefined> {
	const { rows } = await db.query<Row>(
		`SELECT ${COLUMNS} FROM subscriptions s ${JOINS} WHERE s.id = $1`,
		[id],
	);
	return rows.map((row) => toKnown(row).subscription)[0];
}

/** The newest first. @returns up to `limit + 1`, or undefined for a cursor that is none of ours */
export async function selectSubscriptions(
	db: Queryable,
	filter: ListSubscriptions,
): Promise<Subscription[] | undefined> {
	const after = filter.cursor === undefined ? [null] : decodeCursor(filter.cursor, 1);
	if (after === undefined || (after[0] != null && !UUID.test(after[0]))) return undefined;
	const { rows } = await db.query<Row>(
		`SELECT ${COLUMNS} FROM subscriptions s ${JOINS}
		WHERE ($1::text IS NULL OR s.status = $1) AND ($2::uuid IS NULL OR s.order_id = $2)
			AND ($3::uuid IS NULL OR o.customer_id = $3) AND ($4::uuid IS NULL OR s.plan_id = $4)
			AND ($5::uuid IS NULL OR s.id < $5)
		ORDER BY s.id DESC LIMIT $6`,
		[
			filter.status ?? null,
			filter.orderId ?? null,
			filter.customerId ?? null,
			filter.planId ?? null,
			...after,
			filter.limit + 1,
		],
	);
	return rows.map((row) => toKnown(row).subscription);
}

/** @returns undefined when there is no such customer */
export async function findMembership(
	db: Queryable,
	customerId: string,
): Promise<Membership | undefined> {
	const { rows } = await db.query<
		Omit<Membership, 'currentPeriodEnd' | 'graceUntil'> & {
			currentPeriodEnd: Date | null;
			graceUntil: Date | null;
		}
	>(
		`SELECT c.id AS "customerId", m.tier, m.id AS "subscriptionId", m.status, m.plan_id AS "planId",
			m.current_period_end AS "currentPeriodEnd", m.grace_until AS "graceUntil",
			coalesce(m.cancel_at_period_end, false) AS "cancelAtPeriodEnd"
		FROM customers c LEFT JOIN LATERAL (
			SELECT s.*, p.tier FROM orders o JOIN subscriptions s ON s.order_id = o.id JOIN plans p ON p.id = s.plan_id
			WHERE o.customer_id = c.id AND p.tier IS NOT NULL AND s.status IN ('trialing', 'active', 'past_due')
			ORDER BY p.tier_rank DESC, s.current_period_end DESC LIMIT 1
		) m ON true
		WHERE c.id = $1`,
		[customerId],
	);
	return rows.map((row) => ({
		...row,
		currentPeriodEnd: row.currentPeriodEnd?.toISOString() ?? null,
		graceUntil: row.graceUntil?.toISOString() ?? null,
	}))[0];
}

export function cursorOf({ id }: { id: string }): string {
	return encodeCursor([id]);
}

function only(rows: Row[]): Known {
	const [known] = rows.map(toKnown);
	if (known === undefined) throw new Error('RETURNING gave no row.');
	return known;
}

function toKnown({ sourceAt, askedAt, graceDays, ...row }: Row): Known {
	const times = Object.fromEntries(TIMES.map((name) => [name, row[name]?.toISOString() ?? null]));
	const subscription = {
		...row,
		...(times as Record<Time, string | null>),
		createdAt: row.createdAt.toISOString(),
		updatedAt: row.updatedAt.toISOString(),
	};
	return { subscription, sourceAt, askedAt, graceDays };
}
