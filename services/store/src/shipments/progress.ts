import type { Order } from '../orders/schema.ts';
import type { ShipmentStatus } from './schema.ts';

const RANK: Record<ShipmentStatus, number> = {
	created: 0,
	in_transit: 1,
	out_for_delivery: 2,
	failed: 3,
	delivered: 4,
	returned: 5,
};

/**
 * The status of a shipment after an event. By the time at which events occurred, not at which they came; but what was
 * delivered stays so unless it comes back, and is delivered even if a slow scanner reports a stop after it.
 */
export function statusAfter(
	now: { status: ShipmentStatus; since: Date | null },
	event: { status: ShipmentStatus; occurredAt: string },
): ShipmentStatus {
	const final = (status: ShipmentStatus) => status === 'delivered' || status === 'returned';
	if (final(now.status)) return RANK[event.status] > RANK[now.status] ? event.status : now.status;
	if (final(event.status) || now.since === null) return event.status;
	const difference = new Date(event.occurredAt).getTime() - now.since.getTime();
	const newer = difference > 0 || (difference === 0 && RANK[event.status] > RANK[now.status]);
	return newer ? event.status : now.status;
}

/** How many of a line are in parcels of these states. */
export function coveredBy(order: Order, lineId: string, states: readonly ShipmentStatus[]): number {
	return order.shipments
		.filter(({ status }) => states.includes(status))
		.flatMap(({ lines }) => lines)
		.filter((line) => line.lineId === lineId)
		.reduce((sum, { quantity }) => sum + quantity, 0);
}
