import {
	decodeCursor,
	encodeCursor,
	type Queryable,
	statement,
	type Tx,
} from '@autopilot/postgres';
import type { GatewayEvent } from '../gateways/gateway.ts';
import type { InboxEvent, ListGatewayEvents } from './schema.ts';

/** Channel on which workers are woken. */
export const INBOX_CHANNEL = 'gateway_events';

const INSERT = statement(`INSERT INTO gateway_events
		(gateway, external_id, type, object_id, object_key, occurred_at, raw, source)
	SELECT gateway, external_id, type, object_id, object_key, occurred_at, raw, $8
	FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[])
		AS e (gateway, external_id, type, object_id, object_key, occurred_at, raw)
	ON CONFLICT (gateway, external_id) DO NOTHING`);

/** Stores events that are not there yet. @returns how many were new */
export async function insertEvents(
	db: Queryable,
	events: readonly (GatewayEvent & { gateway: string })[],
	source: InboxEvent['source'],
): Promise<number> {
	const { rowCount } = await db.query(INSERT, [
		events.map(({ gateway }) => gateway),
		events.map(({ id }) => id),
		events.map(({ type }) => type),
		events.map(({ objectId }) => objectId),
		events.map(({ objectKey }) => objectKey),
		events.map(({ occurredAt }) => occurredAt),
		events.map(({ raw }) => raw),
		source,
	]);
	return rowCount ?? 0;
}

// The rest of a longer history follows in the next transaction.
const MOST_OF_AN_OBJECT = 4;

export interface ClaimedEvent {
	id: string;
	gateway: string;
	externalId: string;
	type: string;
	objectId: string;
	objectKey: string;
	occurredAt: Date;
	raw: string;
	fetched: { object: unknown; at: string } | null;
	attempts: number;
}

const CLAIMED = `e.id, e.gateway, e.external_id AS "externalId", e.type, e.object_id AS "objectId",
	e.object_key AS "objectKey", e.occurred_at AS "occurredAt", e.raw, e.fetched, e.attempts`;

// A key is taken by its oldest event that is due, and the others of it with that one: nobody else can begin with them.
// What waits for its next attempt lets the others pass, since it may be one of them that it waits for.
const CLAIM = statement(`WITH first AS MATERIALIZED (
		SELECT object_key FROM gateway_events e
		WHERE state = 'pending' AND next_attempt_at <= now() AND NOT EXISTS (
			SELECT 1 FROM gateway_events earlier
			WHERE earlier.object_key = e.object_key AND earlier.state = 'pending'
				AND earlier.position < e.position AND earlier.next_attempt_at <= now()
		)
		ORDER BY position LIMIT $1 FOR UPDATE SKIP LOCKED
	)
	SELECT ${CLAIMED} FROM gateway_events e
	WHERE object_key IN (SELECT object_key FROM first) AND state = 'pending' AND next_attempt_at <= now()
	ORDER BY position LIMIT $2 FOR UPDATE`);

/**
 * Locks events for this transaction, skipping those of objects that another worker is at.
 * @param objects  of how many objects, at most
 * @returns all that is due of these, the oldest first
 */
export async function claimEvents(tx: Tx, objects: number): Promise<ClaimedEvent[]> {
	const { rows } = await tx.query<ClaimedEvent>(CLAIM, [objects, objects * MOST_OF_AN_OBJECT]);
	return rows;
}

const CLAIM_ONE = statement(`SELECT ${CLAIMED} FROM gateway_events e
	WHERE id = $1 AND state = 'pending' AND next_attempt_at <= now() FOR UPDATE SKIP LOCKED`);

/** @returns undefined when another worker is at it, or has been */
export async function claimEvent(tx: Tx, id: string): Promise<ClaimedEvent | undefined> {
	const { rows } = await tx.query<ClaimedEvent>(CLAIM_ONE, [id]);
	return rows[0];
}

const ACKNOWLEDGE =
	statement(`UPDATE gateway_events e SET state = done.state, attempts = attempts + 1,
		handled_at = now(), last_error = NULL
	FROM unnest($1::uuid[], $2::text[]) AS done (id, state) WHERE e.id = done.id`);

/** In the transaction of the effects: either both are there or none is. */
export async function acknowledge(
	tx: Tx,
	done: readonly { id: string; state: 'handled' | 'ignored' }[],
): Promise<void> {
	await tx.query(ACKNOWLEDGE, [done.map(({ id }) => id), done.map(({ state }) => state)]);
}

/** @param delayMs  undefined when it was the last attempt */
export async function recordFailure(
	db: Queryable,
	id: string,
	failure: { error: string; delayMs: number | undefined; last: 'dead' | 'ignored' },
): Promise<void> {
	await db.query(
		`UPDATE gateway_events SET attempts = attempts + 1, last_error = $2,
			next_attempt_at = now() + make_interval(secs => coalesce($3::float8, 0) / 1000),
			state = CASE WHEN $3::float8 IS NULL THEN $4 ELSE 'pending' END,
			handled_at = CASE WHEN $3::float8 IS NULL AND $4 = 'ignored' THEN now() END
		WHERE id = $1 AND state = 'pending'`,
		[id, failure.error.slice(0, 2000), failure.delayMs ?? null, failure.last],
	);
}

/** @param fetched.at  when the gateway was asked: what it answers is at least that new */
export async function storeFetched(
	db: Queryable,
	id: string,
	{ object, at }: { object: unknown; at: Date },
): Promise<void> {
	await db.query(
		`UPDATE gateway_events SET fetched = jsonb_build_object('object', $2::jsonb, 'at', $3::text) WHERE id = $1`,
		[id, JSON.stringify(object), at.toISOString()],
	);
}

/** Makes a dead event due again, with all attempts before it. @returns false when it is not dead */
export async function retryDead(tx: Tx, id: string): Promise<boolean> {
	const { rowCount } = await tx.query(
		`UPDATE gateway_events SET state = 'pending', attempts = 0, next_attempt_at = now(), fetched = NULL
		WHERE id = $1 AND state = 'dead'`,
		[id],
	);
	return rowCount === 1;
}

const VIEW = `SELECT id, gateway, external_id AS "externalId", type, object_id AS "objectId", state, source, attempts,
	last_error AS "lastError", occurred_at AS "occurredAt", received_at AS "receivedAt",
	next_attempt_at AS "nextAttemptAt", handled_at AS "handledAt" FROM gateway_events`;

type Row = Omit<InboxEvent, 'occurredAt' | 'receivedAt' | 'nextAttemptAt' | 'handledAt'> &
	Record<'occurredAt' | 'receivedAt' | 'nextAttemptAt', Date> & { handledAt: Date | null };

export async function findEvent(db: Queryable, id: string): Promise<InboxEvent | undefined> {
	const { rows } = await db.query<Row>(`${VIEW} WHERE id = $1`, [id]);
	return rows.map(toEvent)[0];
}

/** The newest first. @returns up to `limit + 1` events, or undefined for a cursor that is none of ours */
export async function selectEvents(
	db: Queryable,
	filter: ListGatewayEvents,
): Promise<InboxEvent[] | undefined> {
	const after = filter.cursor === undefined ? [null] : decodeCursor(filter.cursor, 1);
	if (after === undefined) return undefined;
	const { rows } = await db.query<Row>(
		`${VIEW} WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR gateway = $2)
			AND ($3::text IS NULL OR type = $3) AND ($4::uuid IS NULL OR id < $4) ORDER BY id DESC LIMIT $5`,
		[filter.state ?? null, filter.gateway ?? null, filter.type ?? null, ...after, filter.limit + 1],
	);
	return rows.map(toEvent);
}

export function cursorOf({ id }: { id: string }): string {
	return encodeCursor([id]);
}

function toEvent(row: Row): InboxEvent {
	return {
		...row,
		occurredAt: row.occurredAt.toISOString(),
		receivedAt: row.receivedAt.toISOString(),
		nextAttemptAt: row.nextAttemptAt.toISOString(),
		handledAt: row.handledAt?.toISOString() ?? null,
	};
}
