import type { Database, Queryable } from '@autopilot/postgres';

/** A delivery that this process has taken over for the length of its lease. */
export interface ClaimedDelivery {
	id: string;
	attempts: number;
	correlationId: string;
	endpointId: string | null;
	url: string;
	secrets: string[];
	/** What is posted: the event, or the body of the call-back. */
	payload: EventPayload | CallbackPayload;
}

export interface EventPayload {
	kind: 'event';
	id: string;
	type: string;
	timestamp: string;
	seq: number;
	aggregate: { type: string; id: string };
	data: unknown;
}

export interface CallbackPayload {
	kind: 'callback';
	body: unknown;
}

interface ClaimedRow {
	id: string;
	attempts: number;
	correlationId: string;
	endpointId: string | null;
	url: string;
	secret: string;
	previousSecret: string | null;
	eventId: string | null;
	type: string;
	timestamp: Date;
	seq: number;
	aggregateType: string;
	aggregateId: string;
	data: unknown;
	callbackBody: unknown;
}

/**
 * Takes up to `limit` deliveries that are due, skipping those other workers hold. One whose worker died is due again
 * when its lease ends. Of an aggregate's events only the oldest undelivered one is ever due.
 */
export async function claimDue(
	db: Queryable,
	{ limit, leaseSeconds }: { limit: number; leaseSeconds: number },
): Promise<ClaimedDelivery[]> {
	const { rows } = await db.query<ClaimedRow>(
		`WITH claimed AS (
			UPDATE deliveries SET attempts = attempts + 1, lease_until = now() + make_interval(secs => $2)
			WHERE id IN (
				SELECT id FROM deliveries d
				WHERE state = 'pending' AND next_attempt_at <= now()
					AND (lease_until IS NULL OR lease_until < now())
					AND NOT EXISTS (
						SELECT 1 FROM deliveries earlier
						WHERE earlier.ordering_key = d.ordering_key AND earlier.state = 'pending'
							AND earlier.position < d.position
					)
				ORDER BY next_attempt_at, position LIMIT $1 FOR UPDATE SKIP LOCKED
			)
			RETURNING *
		)
		SELECT c.id, c.attempts, c.correlation_id AS "correlationId", c.endpoint_id AS "endpointId",
			coalesce(e.url, c.callback_url) AS url, coalesce(e.secret, c.callback_secret) AS secret,
			CASE WHEN e.previous_secret_until > now() THEN e.previous_secret END AS "previousSecret",
			o.id AS "eventId", o.type, o.created_at AS timestamp, o.seq, o.aggregate_type AS "aggregateType",
			o.aggregate_id AS "aggregateId", o.data, c.callback_body AS "callbackBody"
		FROM claimed c
		LEFT JOIN webhook_endpoints e ON e.id = c.endpoint_id
		LEFT JOIN outbox o ON o.id = c.event_id
		ORDER BY c.position`,
		[limit, leaseSeconds],
	);
	return rows.map(toClaimed);
}

function toClaimed(row: ClaimedRow): ClaimedDelivery {
	const { id, attempts, correlationId, endpointId, url } = row;
	const secrets = row.previousSecret === null ? [row.secret] : [row.secret, row.previousSecret];
	const payload: ClaimedDelivery['payload'] =
		row.eventId === null
			? { kind: 'callback', body: row.callbackBody }
			: {
					kind: 'event',
					id: row.eventId,
					type: row.type,
					timestamp: row.timestamp.toISOString(),
					seq: row.seq,
					aggregate: { type: row.aggregateType, id: row.aggregateId },
					data: row.data,
				};
	return { id, attempts, correlationId, endpointId, url, secrets, payload };
}

// What was put off together with a delivery (see markForRetry) is due when that has ended.
const RELEASE = `UPDATE deliveries later SET next_attempt_at = now() FROM ended
	WHERE later.ordering_key = ended.ordering_key AND later.state = 'pending'
		AND later.position > ended.position AND later.next_attempt_at > now()`;

export async function markDelivered(db: Queryable, id: string, status: number): Promise<void> {
	await db.query(
		`WITH ended AS (
			UPDATE deliveries SET state = 'delivered', finished_at = now(), lease_until = NULL,
				last_status = $2, last_error = NULL WHERE id = $1 RETURNING ordering_key, position
		) ${RELEASE}`,
		[id, status],
	);
}

export interface Failure {
	status: number | null;
	error: string;
}

/**
 * Puts a delivery off, and with it what waits behind it: while a receiver is down for a day, its backlog is not to be
 * looked through with every poll.
 */
export async function markForRetry(
	db: Queryable,
	id: string,
	failure: Failure & { delayMs: number },
): Promise<void> {
	await db.query(
		`WITH failed AS (
			UPDATE deliveries SET lease_until = NULL, last_status = $2, last_error = $3,
				next_attempt_at = now() + make_interval(secs => $4 / 1000.0)
			WHERE id = $1 RETURNING ordering_key, position, next_attempt_at
		)
		UPDATE deliveries later SET next_attempt_at = failed.next_attempt_at FROM failed
		WHERE later.ordering_key = failed.ordering_key AND later.state = 'pending'
			AND later.position > failed.position AND later.next_attempt_at < failed.next_attempt_at`,
		[id, failure.status, failure.error, failure.delayMs],
	);
}

export async function markDead(db: Queryable, id: string, failure: Failure): Promise<void> {
	await db.query(
		`WITH ended AS (
			UPDATE deliveries SET state = 'dead', finished_at = now(), lease_until = NULL,
				last_status = $2, last_error = $3 WHERE id = $1 RETURNING ordering_key, position
		) ${RELEASE}`,
		[id, failure.status, failure.error],
	);
}

/** The receiver said 410: it is gone for good. What waits for it would only fail. */
export async function disableEndpoint(db: Database, id: string, reason: string): Promise<void> {
	await db.transaction(async (tx) => {
		await tx.query(
			`UPDATE webhook_endpoints SET disabled_at = now(), disabled_reason = $2 WHERE id = $1`,
			[id, reason],
		);
		await tx.query(
			`UPDATE deliveries SET state = 'dead', finished_at = now(), last_error = $2
			WHERE endpoint_id = $1 AND state = 'pending'`,
			[id, reason],
		);
	});
}

export interface Delivery {
	id: string;
	state: 'pending' | 'delivered' | 'dead';
	endpointId: string | null;
	url: string;
	event: { id: string; type: string; seq: number } | null;
	attempts: number;
	nextAttemptAt: string;
	lastStatus: number | null;
	lastError: string | null;
	correlationId: string;
	createdAt: string;
	finishedAt: string | null;
}

const VIEW = `SELECT d.id, d.state, d.endpoint_id AS "endpointId", coalesce(e.url, d.callback_url) AS url,
	CASE WHEN o.id IS NULL THEN NULL ELSE jsonb_build_object('id', o.id, 'type', o.type, 'seq', o.seq) END AS event,
	d.attempts, d.next_attempt_at AS "nextAttemptAt", d.last_status AS "lastStatus",
	d.last_error AS "lastError", d.correlation_id AS "correlationId", d.created_at AS "createdAt",
	d.finished_at AS "finishedAt"
	FROM deliveries d LEFT JOIN webhook_endpoints e ON e.id = d.endpoint_id
	LEFT JOIN outbox o ON o.id = d.event_id`;

type DeliveryRow = Omit<Delivery, 'nextAttemptAt' | 'createdAt' | 'finishedAt'> & {
	nextAttemptAt: Date;
	createdAt: Date;
	finishedAt: Date | null;
};

/** The newest first; `before` is the id that the page before ended with. */
export async function listDeliveries(
	db: Queryable,
	filter: {
		state?: string | undefined;
		endpointId?: string | undefined;
		before?: string | undefined;
		limit: number;
	},
): Promise<Delivery[]> {
	const { rows } = await db.query<DeliveryRow>(
		`${VIEW} WHERE ($1::text IS NULL OR d.state = $1) AND ($2::uuid IS NULL OR d.endpoint_id = $2)
			AND ($3::uuid IS NULL OR d.id < $3) ORDER BY d.id DESC LIMIT $4`,
		[filter.state ?? null, filter.endpointId ?? null, filter.before ?? null, filter.limit],
	);
	return rows.map((row) => ({
		...row,
		// A resume URL is a secret of its caller; its query holds the token.
		url: row.endpointId === null ? (row.url.split('?', 1)[0] ?? row.url) : row.url,
		nextAttemptAt: row.nextAttemptAt.toISOString(),
		createdAt: row.createdAt.toISOString(),
		finishedAt: row.finishedAt?.toISOString() ?? null,
	}));
}

/**
 * Makes dead deliveries due again, with all their attempts before them.
 * @returns how many
 */
export async function replayDead(
	db: Queryable,
	filter: {
		id?: string;
		endpointId?: string | undefined;
		type?: string | undefined;
		since?: string | undefined;
	},
): Promise<number> {
	const { rowCount } = await db.query(
		`UPDATE deliveries d SET state = 'pending', attempts = 0, next_attempt_at = now(), finished_at = NULL
		WHERE state = 'dead' AND ($1::uuid IS NULL OR id = $1) AND ($2::uuid IS NULL OR endpoint_id = $2)
			AND ($3::text IS NULL OR EXISTS (SELECT 1 FROM outbox o WHERE o.id = d.event_id AND o.type = $3))
			AND ($4::timestamptz IS NULL OR created_at >= $4)`,
		[filter.id ?? null, filter.endpointId ?? null, filter.type ?? null, filter.since ?? null],
	);
	return rowCount ?? 0;
}

/** Deletes what was delivered, and events that nobody waits for, after `days`. */
export async function deleteOld(db: Queryable, days: number): Promise<void> {
	await db.query(
		`DELETE FROM deliveries WHERE state = 'delivered' AND finished_at < now() - make_interval(days => $1)`,
		[days],
	);
	await db.query(
		`DELETE FROM outbox o WHERE created_at < now() - make_interval(days => $1)
		AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.event_id = o.id)`,
		[days],
	);
}
