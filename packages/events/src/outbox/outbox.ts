import { statement, type Tx } from '@autopilot/postgres';

/** Something that has happened, told in the transaction in which it happens. */
export interface DomainEvent {
	/** `noun.verb`, e.g. `product.created`. */
	type: string;
	/** What it happened to. Events of one aggregate are numbered and delivered in order. */
	aggregate: { type: string; id: string };
	/** Enough for a flow not to ask back. */
	data: unknown;
	correlationId: string;
}

/** Channel on which delivery workers are woken. */
export const DELIVERIES_CHANNEL = 'deliveries';

/**
 * The middle of a statement that writes events along with what they tell of: it reads them from a CTE
 * `told (type, aggregate_type, aggregate_id, correlation_id, data)`, each of another aggregate, and writes one delivery
 * for each endpoint that wants one. The statement must select `(SELECT count(*) FROM woken)`: that wakes the workers.
 */
export const EMISSION = `next AS (
		INSERT INTO aggregate_sequences AS s (aggregate_type, aggregate_id, seq)
		SELECT aggregate_type, aggregate_id, 1 FROM told ORDER BY aggregate_type, aggregate_id
		ON CONFLICT (aggregate_type, aggregate_id) DO UPDATE SET seq = s.seq + 1
		RETURNING aggregate_type, aggregate_id, seq
	), event AS (
		INSERT INTO outbox (type, aggregate_type, aggregate_id, seq, correlation_id, data)
		SELECT type, aggregate_type, aggregate_id, seq, correlation_id, data
		FROM told JOIN next USING (aggregate_type, aggregate_id)
		RETURNING id, type, aggregate_type, aggregate_id, correlation_id
	), delivery AS (
		INSERT INTO deliveries (endpoint_id, event_id, ordering_key, correlation_id)
		SELECT e.id, v.id, concat_ws(' ', e.id, v.aggregate_type, v.aggregate_id), v.correlation_id
		FROM event v JOIN webhook_endpoints e ON e.disabled_at IS NULL
			AND e.events && ARRAY[v.type, split_part(v.type, '.', 1) || '.*', '*']
		RETURNING 1
	), woken AS MATERIALIZED (
		SELECT pg_notify('${DELIVERIES_CHANNEL}', '') FROM (SELECT FROM delivery LIMIT 1) d
	)`;

const EMIT = statement(`WITH told AS (
		SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::jsonb[])
			AS e (type, aggregate_type, aggregate_id, correlation_id, data)
	), ${EMISSION}
	SELECT count(*) FROM woken`);

/**
 * Writes an event and one delivery for each endpoint that wants it. Nothing is sent before the transaction commits,
 * and nothing is lost after. The row of the aggregate's sequence stays locked until then, so `seq` has no gaps
 * that a later event could overtake.
 */
export async function emit(tx: Tx, event: DomainEvent): Promise<void> {
	await emitAll(tx, [event]);
}

/**
 * The same for many events in one statement, for a ledger that changes by the hundred.
 * @param events  of different aggregates: within one statement a sequence can move only once
 */
export async function emitAll(tx: Tx, events: readonly DomainEvent[]): Promise<void> {
	if (events.length === 0) return;
	await tx.query(EMIT, [
		events.map(({ type }) => type),
		events.map(({ aggregate }) => aggregate.type),
		events.map(({ aggregate }) => aggregate.id),
		events.map(({ correlationId }) => correlationId),
		events.map(({ data }) => JSON.stringify(data)),
	]);
}

/** A message to one URL, outside the subscriptions: the end of a job, told to who waits for it. */
export interface Callback {
	url: string;
	/** Standard Webhooks secret. */
	secret: string;
	body: unknown;
	correlationId: string;
}

/** Queues a call-back. The same URL is called once, however often this runs. */
export async function queueCallback(tx: Tx, callback: Callback): Promise<void> {
	await tx.query(
		`INSERT INTO deliveries (callback_url, callback_secret, callback_body, correlation_id)
		VALUES ($1, $2, $3, $4) ON CONFLICT (callback_url) DO NOTHING`,
		[callback.url, callback.secret, JSON.stringify(callback.body), callback.correlationId],
	);
	await tx.query(`SELECT pg_notify($1, '')`, [DELIVERIES_CHANNEL]);
}
