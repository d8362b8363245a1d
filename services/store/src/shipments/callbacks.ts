import { queueCallback, secretOf } from '@autopilot/events';
import type { Tx } from '@autopilot/postgres';
import { createHash } from 'node:crypto';
import { getOrder, lockOrder } from '../orders/orders.ts';
import type { Order } from '../orders/schema.ts';
import { notFound } from '@autopilot/http';
import { ENDED } from './progress.ts';
import type { TrackedShipment } from './schema.ts';
import { findShipment, insertCallback, orderOfShipment, takeCallbacks } from './store.ts';

/**
 * One signed call to a URL when the shipment is delivered, failed or came back: a flow waits for it over days without
 * asking. At once when it has ended already. The same URL is called once.
 */
export async function requestCallback(
	tx: Tx,
	id: string,
	callback: { url: string; apiKeyId: string; correlationId: string },
): Promise<TrackedShipment> {
	const orderId = await orderOfShipment(tx, id);
	if (orderId === undefined) throw notFound('shipment', id);
	await lockOrder(tx, orderId);
	await insertCallback(tx, { ...callback, shipmentId: id });
	const shipment = await findShipment(tx, id);
	if (shipment === undefined) throw notFound('shipment', id);
	await tellCallbacks(tx, { shipment, order: await getOrder(tx, orderId) });
	return shipment;
}

/** Calls those who wait, if the shipment has ended. */
export async function tellCallbacks(
	tx: Tx,
	{ shipment, order }: { shipment: TrackedShipment; order: Order },
): Promise<void> {
	if (!ENDED.includes(shipment.status)) return;
	for (const { url, correlationId, keyHash } of await takeCallbacks(tx, shipment.id)) {
		await queueCallback(tx, {
			url,
			// Signed as the end of a job is: with what both sides know of each other.
			secret: secretOf(keyHash ?? createHash('sha256').update('').digest()),
			body: {
				type: 'shipment.finished',
				timestamp: new Date().toISOString(),
				data: { shipment, order },
			},
			correlationId,
		});
	}
}
