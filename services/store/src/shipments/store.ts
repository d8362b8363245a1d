import type { Queryable, Tx } from '@autopilot/postgres';
import type {
	CreateShipment,
	CreateShipmentEvent,
	ListShipments,
	Shipment,
	ShipmentLine,
	ShipmentStatus,
	TrackedShipment,
} from './schema.ts';
import { iso, SHIPMENT } from './view.ts';

export async function insertShipment(
	tx: Tx,
	orderId: string,
	shipment: Omit<CreateShipment, 'lines'> & { lines: ShipmentLine[] },
): Promise<string> {
	const { rows } = await tx.query<{ id: string }>(
		`INSERT INTO shipments (order_id, carrier, tracking_number, tracking_url, lines)
		VALUES ($1, $2, $3, $4, $5) RETURNING id`,
		[
			orderId,
			shipment.carrier,
			shipment.trackingNumber,
			shipment.trackingUrl ?? null,
			JSON.stringify(shipment.lines),
		],
	);
	const [row] = rows;
	if (row === undefined) throw new Error('INSERT ... RETURNING gave no row.');
	return row.id;
}

export async function orderOfShipment(db: Queryable, id: string): Promise<string | undefined> {
	const { rows } = await db.query<{ orderId: string }>(
		'SELECT order_id AS "orderId" FROM shipments WHERE id = $1',
		[id],
	);
	return rows[0]?.orderId;
}

const EVENTS = `(SELECT coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'externalId', e.external_id, 'status', e.status,
	'description', e.description, 'location', e.location, 'occurredAt', ${iso('e.occurred_at')})
	ORDER BY e.occurred_at, e.id), '[]') FROM shipment_events e WHERE e.shipment_id = s.id)`;

export async function findShipment(
	db: Queryable,
	id: string,
): Promise<TrackedShipment | undefined> {
	const { rows } = await db.query<{ shipment: TrackedShipment }>(
		`SELECT ${SHIPMENT} || jsonb_build_object('events', ${EVENTS}) AS shipment FROM shipments s WHERE s.id = $1`,
		[id],
	);
	return rows[0]?.shipment;
}

/** The newest first; up to `limit + 1`. */
export async function selectShipments(db: Queryable, filter: ListShipments): Promise<Shipment[]> {
	const { rows } = await db.query<{ shipment: Shipment }>(
		`SELECT ${SHIPMENT} AS shipment FROM shipments s
		WHERE ($1::uuid IS NULL OR s.order_id = $1) AND ($2::text IS NULL OR s.status = $2)
			AND ($3::uuid IS NULL OR s.id < $3)
		ORDER BY s.id DESC LIMIT $4`,
		[filter.orderId ?? null, filter.status ?? null, filter.cursor ?? null, filter.limit + 1],
	);
	return rows.map(({ shipment }) => shipment);
}

/** @returns false when this event was told before */
export async function insertShipmentEvent(
	tx: Tx,
	shipmentId: string,
	event: CreateShipmentEvent & { externalId: string; occurredAt: string },
): Promise<boolean> {
	const { rowCount } = await tx.query(
		`INSERT INTO shipment_events (shipment_id, external_id, status, description, location, occurred_at)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (shipment_id, external_id) DO NOTHING`,
		[
			shipmentId,
			event.externalId,
			event.status,
			event.description ?? null,
			event.location ?? null,
			event.occurredAt,
		],
	);
	return rowCount === 1;
}

/** When the event that made the shipment's status occurred. */
export async function statusSince(tx: Tx, id: string): Promise<Date | null> {
	const { rows } = await tx.query<{ at: Date | null }>(
		'SELECT status_at AS at FROM shipments WHERE id = $1',
		[id],
	);
	return rows[0]?.at ?? null;
}

export async function setShipmentStatus(
	tx: Tx,
	id: string,
	{ status, at }: { status: ShipmentStatus; at: string },
): Promise<void> {
	await tx.query(
		`UPDATE shipments SET status = $2, status_at = $3, updated_at = now(),
			delivered_at = CASE WHEN $2 = 'delivered' THEN $3::timestamptz ELSE delivered_at END
		WHERE id = $1`,
		[id, status, at],
	);
}
