import type { Queryable, Tx } from '@autopilot/postgres';
import { generateSecret } from '../signature.ts';
import type { Endpoint } from './schema.ts';

type Row = Omit<Endpoint, 'createdAt' | 'disabledAt'> & {
	secret: string;
	createdAt: Date;
	disabledAt: Date | null;
};

const COLUMNS = `id, url, events, description, metadata, secret, disabled_at AS "disabledAt",
	disabled_reason AS "disabledReason", created_at AS "createdAt"`;
const OVERLAP_HOURS = 24;

export async function insertEndpoint(
	tx: Tx,
	endpoint: { url: string; events: string[]; description?: string | undefined; metadata: object },
): Promise<Endpoint & { secret: string }> {
	const { rows } = await tx.query<Row>(
		`INSERT INTO webhook_endpoints (url, events, description, metadata, secret)
		VALUES ($1, $2, $3, $4, $5) RETURNING ${COLUMNS}`,
		[
			endpoint.url,
			endpoint.events,
			endpoint.description ?? null,
			endpoint.metadata,
			generateSecret(),
		],
	);
	return firstOf(rows.map(withSecret));
}

/** The newest first. */
export async function listEndpoints(
	db: Queryable,
	page: { before?: string | undefined; limit: number },
): Promise<Endpoint[]> {
	const { rows } = await db.query<Row>(
		`SELECT ${COLUMNS} FROM webhook_endpoints WHERE $1::uuid IS NULL OR id < $1
		ORDER BY id DESC LIMIT $2`,
		[page.before ?? null, page.limit],
	);
	return rows.map(toEndpoint);
}

export async function findEndpoint(db: Queryable, id: string): Promise<Endpoint | undefined> {
	const { rows } = await db.query<Row>(`SELECT ${COLUMNS} FROM webhook_endpoints WHERE id = $1`, [
		id,
	]);
	return rows.map(toEndpoint)[0];
}

export async function deleteEndpoint(tx: Tx, id: string): Promise<boolean> {
	const { rowCount } = await tx.query('DELETE FROM webhook_endpoints WHERE id = $1', [id]);
	return rowCount === 1;
}

/** Gives the endpoint a new secret; for a day the old one signs too. A disabled endpoint is enabled again. */
export async function rotateSecret(
	tx: Tx,
	id: string,
): Promise<(Endpoint & { secret: string }) | undefined> {
	const { rows } = await tx.query<Row>(
		`UPDATE webhook_endpoints SET previous_secret = secret, secret = $2,
			previous_secret_until = now() + make_interval(hours => $3), disabled_at = NULL, disabled_reason = NULL
		WHERE id = $1 RETURNING ${COLUMNS}`,
		[id, generateSecret(), OVERLAP_HOURS],
	);
	return rows.map(withSecret)[0];
}

/** An event for this endpoint only, whatever it subscribes to. */
export async function insertTestEvent(tx: Tx, id: string, correlationId: string): Promise<void> {
	await tx.query(
		`WITH event AS (
			INSERT INTO outbox (type, aggregate_type, aggregate_id, seq, correlation_id, data)
			VALUES ('webhook.test', 'webhook_endpoint', $1::text, 1, $2, '{"message": "It works."}')
			RETURNING id
		)
		INSERT INTO deliveries (endpoint_id, event_id, correlation_id) SELECT $1::uuid, id, $2 FROM event`,
		[id, correlationId],
	);
	await tx.query(`SELECT pg_notify('deliveries', '')`);
}

function toEndpoint({ secret: _secret, ...row }: Row): Endpoint {
	return {
		...row,
		createdAt: row.createdAt.toISOString(),
		disabledAt: row.disabledAt?.toISOString() ?? null,
	};
}

function withSecret(row: Row): Endpoint & { secret: string } {
	return { ...toEndpoint(row), secret: row.secret };
}

function firstOf<Item>([item]: Item[]): Item {
	if (item === undefined) throw new Error('INSERT ... RETURNING gave no row.');
	return item;
}
