import type { Tx } from '@autopilot/postgres';

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
 * Writes an event and one delivery for each endpoint that wants it. Nothing is sent before the transaction commits,
 * and nothing is lost after. The row of the aggregate's sequence stays locked until then, so `seq` has no gaps
 * that a later event could overtake.
 */
export async function emit(tx: Tx, event: DomainEvent): Promise<void> {
	const [noun] = event.type.split('.', 1);
	await tx.query(
		`WITH next AS (
			INSERT INTO aggregate_sequences AS s (aggregate_type, aggregate_id, seq) VALUES ($2, $3, 1)
			ON CONFLICT (aggregate_type, aggregate_id) DO UPDATE SET seq = s.seq + 1
			RETURNING seq
		), event AS (
			INSERT INTO outbox (type, aggregate_type, aggregate_id, seq, correlation_id, data)
			SELECT $1, $2, $3, seq, $4, $5 FROM next
			RETURNING id
		)
		INSERT INTO deliveries (endpoint_id, event_id, ordering_key, correlation_id)
		SELECT e.id, event.id, concat_ws(' ', e.id, $2::text, $3::text), $4
		FROM event, webhook_endpoints e
		WHERE e.disabled_at IS NULL AND e.events && ARRAY[$1::text, $6::text, '*']`,
		[
			event.type,
			event.aggregate.type,
			event.aggregate.id,
			event.correlationId,
			JSON.stringify(event.data),
			`${noun}.*`,
		],
	);
	await tx.query(`SELECT pg_notify($1, '')`, [DELIVERIES_CHANNEL]);
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
