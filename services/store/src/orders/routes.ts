import { type App, callerOf, type Command, pageOf, toPage } from '@autopilot/http';
import type { Database, Tx } from '@autopilot/postgres';
import { z } from 'zod';
import type { Cause } from '../products/products.ts';
import { csvOf } from './export.ts';
import { addNote, changeDetails } from './details.ts';
import { selectHistory, selectNotes } from './history-store.ts';
import * as orders from './orders.ts';
import * as schema from './schema.ts';
import { selectOrders } from './store.ts';

const tags = ['orders'];
const read = { scope: 'orders:read' };
const write = { scope: 'orders:write' };
const byId = z.object({ id: z.uuid() });
const { order } = schema;

/** Gives back what is left of an order's money; what payments provides. */
export type RefundOrder = (
	tx: Tx,
	orderId: string,
	wish: { reason?: string | undefined },
	cause: Cause,
) => Promise<unknown>;

interface Parts {
	db: Database;
	command: Command;
	/** Missing where the store takes no payments. */
	refundOrder?: RefundOrder;
}

export function orderRoutes(app: App, parts: Parts): void {
	const { db, command } = parts;
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
			command.whole(request, reply, async (own) => ({
				status: 201,
				body: await orders.createOrder(own, request.body, { correlationId: request.id }),
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
	app.patch(
		'/api/v1/orders/:id',
		{
			config: write,
			schema: {
				tags,
				summary: 'Change metadata (merged) and, before shipping, addresses',
				description:
					'Before the payment another country or region prices the order anew, and pay pages with the old price are closed. Told as `order.updated`, unless all was so already.',
				params: byId,
				body: schema.updateOrder,
				response: { 200: order },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await changeDetails(tx, request.params.id, request.body, {
					correlationId: request.id,
				}),
			})),
	);
	orderStepRoutes(app, parts);
	orderRecordRoutes(app, parts);
}

function orderStepRoutes(app: App, { command, refundOrder }: Parts): void {
	app.post(
		'/api/v1/orders/:id/cancel',
		{
			config: write,
			schema: {
				tags,
				summary: 'Cancel an order; one that is paid only with a refund',
				params: byId,
				body: schema.cancelOrder.nullish(),
				response: { 200: order },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				const { id } = request.params;
				const cause = { correlationId: request.id };
				const wish = request.body ?? { refund: false };
				const cancelled = await orders.cancelOrder(tx, id, wish, cause);
				if (cancelled.refundDue > 0) await refundOrder?.(tx, id, wish, cause);
				return { status: 200, body: await orders.getOrder(tx, id) };
			}),
	);
	for (const [step, run, summary] of [
		['fulfil', orders.fulfilOrder, 'Begin with a paid order'],
		[
			'complete',
			orders.completeOrder,
			'All of a digital order has been handed over; or nothing is left to do for one that was delivered',
		],
	] as const) {
		app.post(
			`/api/v1/orders/:id/${step}`,
			{
				config: write,
				schema: { tags, summary, params: byId, response: { 200: order } },
			},
			(request, reply) =>
				command(request, reply, async (tx) => ({
					status: 200,
					body: await run(tx, request.params.id, { correlationId: request.id }),
				})),
		);
	}
}

function orderRecordRoutes(app: App, { db, command }: Parts): void {
	app.get(
		'/api/v1/orders.csv',
		{
			config: read,
			schema: {
				tags,
				summary: 'All orders of a filter as CSV, the newest first',
				querystring: schema.exportOrders,
			},
		},
		(request, reply) => {
			reply.header('content-type', 'text/csv; charset=utf-8');
			reply.header('content-disposition', 'attachment; filename="orders.csv"');
			return reply.send(csvOf(db, request.query));
		},
	);
	app.post(
		'/api/v1/orders/:id/notes',
		{
			config: write,
			schema: {
				tags,
				summary: 'Add a note, for colleagues',
				params: byId,
				body: schema.createNote,
				response: { 201: schema.note },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 201,
				body: await addNote(tx, request.params.id, {
					text: request.body.text,
					author: callerOf(request).name,
				}),
			})),
	);
	app.get(
		'/api/v1/orders/:id/notes',
		{
			config: read,
			schema: {
				tags,
				summary: 'The notes of an order, the oldest first',
				params: byId,
				response: { 200: z.object({ data: z.array(schema.note) }) },
			},
		},
		async ({ params: { id } }) => {
			await orders.getOrder(db, id);
			return { data: await selectNotes(db, id) };
		},
	);
	app.get(
		'/api/v1/orders/:id/history',
		{
			config: read,
			schema: {
				tags,
				summary: 'What happened to an order, the oldest first',
				params: byId,
				response: { 200: z.object({ data: z.array(schema.historyEntry) }) },
			},
		},
		async ({ params: { id } }) => {
			await orders.getOrder(db, id);
			return { data: await selectHistory(db, id) };
		},
	);
}
