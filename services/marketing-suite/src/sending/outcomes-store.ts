import type { Queryable } from '@autopilot/postgres';

/** What became of one try. */
export interface Outcome {
	id: string;
	attempt: number;
	state: 'sent' | 'failed' | 'pending' | 'uncertain';
	error: string | null;
	response: string | null;
	/** For `pending` and `uncertain`: seconds until somebody looks at it again. */
	delaySeconds: number;
	/** True when the recipient's own server has asked to come back later. */
	refused: boolean;
	correlationId: string;
}

/**
 * Records outcomes, each only if no later try holds its row, and tells `email.sent` and `email.failed`, in one
 * statement. That a mail was accepted, or certainly was not, is true however late it comes: it also corrects what has
 * been declared uncertain meanwhile.
 *
 * The events are written as `emit` of `@autopilot/events` writes them, but for all rows at once: one by one, in a
 * transaction of several statements, they cost more than all else that a mail costs.
 */
export async function recordOutcomes(db: Queryable, outcomes: Outcome[]): Promise<void> {
	await db.query(
		`WITH recorded AS (
			UPDATE recipients r SET state = o.state, error = o.error,
				response = coalesce(o.response, r.response), lease_until = NULL,
				sent_at = CASE WHEN o.state = 'sent' THEN now() END,
				due_at = now() + make_interval(secs => o.delay),
				refusals = r.refusals + CASE WHEN o.refused THEN 1 ELSE 0 END
			FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[], $6::float8[], $7::bool[],
				$8::text[]) AS o (id, attempt, state, error, response, delay, refused, correlation_id)
			WHERE r.id = o.id AND r.attempt = o.attempt
				AND (r.state IN ('sending', 'uncertain') OR (r.state = 'pending' AND o.state = 'sent'))
			RETURNING r.*, o.correlation_id
		), told AS (
			SELECT id::text, 'email.' || state AS type, correlation_id, jsonb_build_object(
				'recipientId', id, 'campaignId', campaign_id, 'contactId', contact_id, 'email', email,
				'attempt', attempt) || CASE WHEN state = 'failed' THEN jsonb_build_object('error', error)
				ELSE '{}' END AS data
			FROM recorded WHERE state IN ('sent', 'failed')
		), next AS (
			INSERT INTO aggregate_sequences AS s (aggregate_type, aggregate_id, seq)
			SELECT 'email', id, 1 FROM told
			ON CONFLICT (aggregate_type, aggregate_id) DO UPDATE SET seq = s.seq + 1
			RETURNING aggregate_id, seq
		), event AS (
			INSERT INTO outbox (type, aggregate_type, aggregate_id, seq, correlation_id, data)
			SELECT type, 'email', id, seq, correlation_id, data FROM told JOIN next ON aggregate_id = id
			RETURNING id, type, aggregate_id, correlation_id
		), delivery AS (
			INSERT INTO deliveries (endpoint_id, event_id, ordering_key, correlation_id)
			SELECT e.id, event.id, concat_ws(' ', e.id, 'email', event.aggregate_id), event.correlation_id
			FROM event JOIN webhook_endpoints e ON e.disabled_at IS NULL
				AND e.events && ARRAY[event.type, 'email.*', '*']
			RETURNING 1
		)
		SELECT pg_notify('deliveries', '') WHERE EXISTS (SELECT 1 FROM delivery)`,
		[
			outcomes.map((o) => o.id),
			outcomes.map((o) => o.attempt),
			outcomes.map((o) => o.state),
			outcomes.map((o) => o.error),
			outcomes.map((o) => o.response),
			outcomes.map((o) => o.delaySeconds),
			outcomes.map((o) => o.refused),
			outcomes.map((o) => o.correlationId),
		],
	);
}
