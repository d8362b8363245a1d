import { type App, callerOf, type Command, pageOf, toPage } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { z } from 'zod';
import * as orders from './orders.ts';
import * as schema from './schema.ts';
import { selectOrders } from './store.ts';

const tags = ['orders'];
const read = { scope: 'orders:read' };
const write = { scope: 'orders:write' };
const byId = z.object({ id: z.uuid() });
const { order } = schema;

export function orderRoutes(app: App, { db, command }: { db: Database; command: Command }): void {
	app.post(
		'/api/v1/orders',
		{
			config: write,
			schema: {
				tags,
				summary: 'Create an order; its stock is held until expiresAt',
				body: schema.createOrder,
				response: { 201: order },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 201,
				body: await orders.createOrder(tx, request.body, { correlationId: request.id }),
			})),
	);
	app.get(
		'/api/v1/orders',
		{
			config: read,
			schema: {
				tags,
				summary: 'List orders, the newest first',
				querystring: schema.listOrders,
				response: { 200: pageOf(order) },
			},
		},
		async ({ query }) => toPage(await selectOrders(db, query), query.limit, (row) => row.id),
	);
	app.get(
		'/api/v1/orders/:id',
		{
			config: read,
			schema: {
				tags,
				summary: 'Get an order by id or number',
				params: z.object({ id: z.string().min(1).max(100) }),
				response: { 200: order },
			},
		},
		({ params: { id } }) => orders.getOrder(db, id),
	);
}
