/** A time of the database as the API writes it, inside of JSON that SQL builds. */
export const iso = (column: string) =>
	`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** A row of `shipments s` as the API's Shipment. */
export const SHIPMENT = `jsonb_build_object('id', s.id, 'orderId', s.order_id, 'carrier', s.carrier,
	'trackingNumber', s.tracking_number, 'trackingUrl', s.tracking_url, 'status', s.status, 'lines', s.lines,
	'createdAt', ${iso('s.created_at')}, 'updatedAt', ${iso('s.updated_at')}, 'deliveredAt', ${iso('s.delivered_at')})`;
