import { type App, type Command, pageOf, toPage } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { z } from 'zod';
import * as schema from './schema.ts';
import * as shipments from './shipments.ts';
import { selectShipments } from './store.ts';

const tags = ['shipments'];
const read = { scope: 'shipments:read' };
const write = { scope: 'shipments:write' };
const params = z.object({ id: z.uuid() });
const { trackedShipment } = schema;

export function shipmentRoutes(
	app: App,
	{ db, command }: { db: Database; command: Command },
): void {
	app.post(
		'/api/v1/orders/:id/shipments',
		{
			config: write,
			schema: {
				tags,
				summary: 'Ship goods of an order; with the last of them it is shipped',
				params,
				body: schema.createShipment,
				response: { 201: trackedShipment },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 201,
				body: await shipments.createShipment(tx, request.params.id, request.body, {
					correlationId: request.id,
				}),
			})),
	);
	app.get(
		'/api/v1/shipments',
		{
			config: read,
			schema: {
				tags,
				summary: 'List shipments, the newest first',
				querystring: schema.listShipments,
				response: { 200: pageOf(schema.shipment) },
			},
		},
		async ({ query }) => toPage(await selectShipments(db, query), query.limit, (row) => row.id),
	);
	app.get(
		'/api/v1/shipments/:id',
		{
			config: read,
			schema: {
				tags,
				summary: 'Get a shipment with what its carrier told',
				params,
				response: { 200: trackedShipment },
			},
		},
		({ params: { id } }) => shipments.getShipment(db, id),
	);
	app.post(
		'/api/v1/shipments/:id/events',
		{
			config: write,
			schema: {
				tags,
				summary: 'Tell what the carrier says, in any order, each event once',
				params,
				body: schema.createShipmentEvent,
				response: { 200: trackedShipment },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await shipments.addShipmentEvent(tx, request.params.id, request.body, {
					correlationId: request.id,
				}),
			})),
	);
}
