import { emit } from '@autopilot/events';
import { conflict, notFound, unprocessable } from '@autopilot/http';
import { onUniqueViolation, type Queryable, type Tx } from '@autopilot/postgres';
import type { EventType } from '../event-types.ts';
import { fulfilOrder, getOrder, lockOrder } from '../orders/orders.ts';
import { wakeWaiting } from '../order-waits/waits.ts';
import { move, tell as tellOrder } from '../orders/payment.ts';
import type { Order } from '../orders/schema.ts';
import { canMove, orderState } from '../orders/states.ts';
import type { Cause } from '../products/products.ts';
import { coveredBy, statusAfter } from './progress.ts';
import type {
	CreateShipment,
	CreateShipmentEvent,
	ShipmentLine,
	ShipmentStatus,
	TrackedShipment,
} from './schema.ts';
import {
	findShipment,
	insertShipment,
	insertShipmentEvent,
	orderOfShipment,
	setShipmentStatus,
	statusSince,
} from './store.ts';

const TAKEN = {
	shipments_tracking: () =>
		unprocessable('tracking_taken', 'Another order travels under this tracking number.', [
			{ pointer: '/trackingNumber', detail: 'is taken' },
		]),
};
const TOLD: Partial<Record<ShipmentStatus, EventType>> = {
	delivered: 'shipment.delivered',
	failed: 'shipment.failed',
	returned: 'shipment.failed',
};

export async function getShipment(db: Queryable, id: string): Promise<TrackedShipment> {
	const shipment = await findShipment(db, id);
	if (shipment === undefined) throw notFound('shipment', id);
	return shipment;
}

/**
 * A parcel leaves the house; what is not said to be in it waits for the next. When nothing physical is left the order
 * is shipped. The same carrier and tracking number again is the same parcel.
 */
export async function createShipment(
	tx: Tx,
	orderId: string,
	input: CreateShipment,
	cause: Cause,
): Promise<TrackedShipment> {
	const { order: locked } = await lockOrder(tx, orderId);
	const same = locked.shipments.find(
		({ carrier, trackingNumber }) =>
			carrier === input.carrier && trackingNumber === input.trackingNumber,
	);
	if (same !== undefined) return getShipment(tx, same.id);
	const order = locked.status === 'paid' ? await fulfilOrder(tx, orderId, cause) : locked;
	if (order.status !== 'fulfilling' && order.status !== 'shipped') {
		throw orderState(order, 'be shipped');
	}
	const lines = contents(order, input.lines);
	const id = await onUniqueViolation(TAKEN, () => insertShipment(tx, orderId, { ...input, lines }));
	const after = await getOrder(tx, orderId);
	const shipment = await tell(tx, { id, order: after, type: 'shipment.created' }, cause);
	if (
		canMove(after.status, 'shipped') &&
		remaining(after).every(({ quantity }) => quantity === 0)
	) {
		const shipped = await move(tx, after, { kind: 'shipped', status: 'shipped' }, cause);
		await tellOrder(tx, shipped, 'order.shipped', cause);
	}
	return shipment;
}

/**
 * What the carrier tells. The same event twice counts once, and events may come in any order: an older one is noted,
 * but never undoes what a newer one said. The order is delivered when all its goods are.
 */
export async function addShipmentEvent(
	tx: Tx,
	id: string,
	told: CreateShipmentEvent,
	cause: Cause,
): Promise<TrackedShipment> {
	const { occurredAt = new Date().toISOString() } = told;
	const event = {
		...told,
		occurredAt,
		externalId: told.externalId ?? `${told.status} ${occurredAt}`,
	};
	const orderId = await orderOfShipment(tx, id);
	if (orderId === undefined) throw notFound('shipment', id);
	await lockOrder(tx, orderId);
	const isNew = await insertShipmentEvent(tx, id, event);
	const before = await getShipment(tx, id);
	const status = statusAfter({ status: before.status, since: await statusSince(tx, id) }, event);
	if (!isNew || status === before.status) return before;
	await setShipmentStatus(tx, id, { status, at: event.occurredAt });
	const order = await getOrder(tx, orderId);
	const type = TOLD[status] ?? 'shipment.updated';
	const shipment = await tell(tx, { id, order, type }, cause);
	const delivered = goods(order).every(
		(line) => coveredBy(order, line.id, ['delivered']) >= line.quantity,
	);
	let latest = order;
	if (delivered && canMove(order.status, 'delivered')) {
		latest = await move(tx, order, { kind: 'delivered', status: 'delivered' }, cause);
		await tellOrder(tx, latest, 'order.delivered', cause);
	}
	await wakeWaiting(tx, latest);
	return shipment;
}

function goods(order: Order) {
	return order.lines.filter(({ delivery }) => delivery === 'physical');
}

/** What has still to be sent; a parcel that failed or came back has to be sent again. */
function remaining(order: Order): ShipmentLine[] {
	return goods(order).map((line) => ({
		lineId: line.id,
		quantity:
			line.quantity -
			coveredBy(order, line.id, ['created', 'in_transit', 'out_for_delivery', 'delivered']),
	}));
}

function contents(order: Order, asked: ShipmentLine[] | undefined): ShipmentLine[] {
	const open = remaining(order).filter(({ quantity }) => quantity > 0);
	if (open.length === 0) {
		throw conflict('nothing_to_ship', 'All goods of this order have been shipped, or it has none.');
	}
	if (asked === undefined) return open;
	const wanted = new Map<string, number>();
	for (const { lineId, quantity } of asked) {
		wanted.set(lineId, (wanted.get(lineId) ?? 0) + quantity);
	}
	for (const [index, { lineId }] of asked.entries()) {
		const left = open.find((line) => line.lineId === lineId)?.quantity ?? 0;
		if ((wanted.get(lineId) ?? 0) <= left) continue;
		throw unprocessable('line_not_open', `Of this line ${left} are still to be shipped.`, [
			{ pointer: `/lines/${index}`, detail: `at most ${left} can be shipped` },
		]);
	}
	return [...wanted].map(([lineId, quantity]) => ({ lineId, quantity }));
}

async function tell(
	tx: Tx,
	{ id, order, type }: { id: string; order: Order; type: EventType },
	cause: Cause,
): Promise<TrackedShipment> {
	const shipment = await getShipment(tx, id);
	const aggregate = { type: 'shipment', id };
	await emit(tx, { type, aggregate, data: { ...shipment, order }, ...cause });
	return shipment;
}
