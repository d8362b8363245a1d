import { pageQuery } from '@autopilot/http';
import { z } from 'zod';

export const shipmentStatus = z.enum([
	'created',
	'in_transit',
	'out_for_delivery',
	'delivered',
	'failed',
	'returned',
]);
export type ShipmentStatus = z.output<typeof shipmentStatus>;

const text = (max: number) => z.string().trim().min(1).max(max);
const time = z.iso.datetime();

export const shipmentLine = z.object({ lineId: z.uuid(), quantity: z.int().min(1) });
export type ShipmentLine = z.output<typeof shipmentLine>;

export const createShipment = z.object({
	carrier: text(100),
	trackingNumber: text(100),
	trackingUrl: z
		.url({ protocol: /^https?$/ })
		.max(2000)
		.optional(),
	lines: z
		.array(shipmentLine)
		.min(1)
		.max(100)
		.optional()
		.describe('All that is still to be shipped when not given'),
});
export type CreateShipment = z.output<typeof createShipment>;

export const shipment = z.object({
	id: z.uuid(),
	orderId: z.uuid(),
	carrier: z.string(),
	trackingNumber: z.string(),
	trackingUrl: z.string().nullable(),
	status: shipmentStatus,
	lines: z.array(shipmentLine),
	createdAt: time,
	updatedAt: time,
	deliveredAt: time.nullable(),
});
export type Shipment = z.output<typeof shipment>;

export const listShipments = z.object({
	...pageQuery,
	cursor: z.uuid().optional(),
	orderId: z.uuid().optional(),
	status: shipmentStatus.optional(),
});
export type ListShipments = z.output<typeof listShipments>;

export const createShipmentEvent = z.object({
	externalId: text(200)
		.optional()
		.describe("The carrier's id of the event; the same one is taken once. Else status and time"),
	status: shipmentStatus,
	description: text(500).optional(),
	location: text(200).optional(),
	occurredAt: z.iso.datetime({ offset: true }).optional().describe('Now, when left out'),
});
export type CreateShipmentEvent = z.output<typeof createShipmentEvent>;

export const shipmentEvent = z.object({
	id: z.uuid(),
	externalId: z.string(),
	status: shipmentStatus,
	description: z.string().nullable(),
	location: z.string().nullable(),
	occurredAt: time,
});
export type ShipmentEvent = z.output<typeof shipmentEvent>;

/** A shipment with what its carrier told, the oldest first. */
export const trackedShipment = shipment.extend({ events: z.array(shipmentEvent) });
export type TrackedShipment = z.output<typeof trackedShipment>;
