import { type App, type Command, notFound, pageOf, pageQuery, toPage } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { z } from 'zod';
import { listDeliveries, replayDead } from './store.ts';

const delivery = z.object({
	id: z.uuid(),
	state: z.enum(['pending', 'delivered', 'dead']),
	endpointId: z.uuid().nullable().describe('null for the call-back of a job'),
	url: z.string(),
	event: z.object({ id: z.uuid(), type: z.string(), seq: z.int() }).nullable(),
	attempts: z.int(),
	nextAttemptAt: z.iso.datetime(),
	lastStatus: z.int().nullable(),
	lastError: z.string().nullable(),
	correlationId: z.string(),
	createdAt: z.iso.datetime(),
	finishedAt: z.iso.datetime().nullable(),
});
const listQuery = z.object({
	...pageQuery,
	cursor: z.uuid().optional(),
	state: z.enum(['pending', 'delivered', 'dead']).optional(),
	endpointId: z.uuid().optional(),
});
const replayFilter = z.object({
	endpointId: z.uuid().optional(),
	type: z.string().optional(),
	since: z.iso.datetime().optional(),
});
const replayed = z.object({ replayed: z.int() });
const tags = ['deliveries'];

/** What was posted to whom, and the dead letters. */
export function registerDeliveryRoutes(
	app: App,
	{ db, command }: { db: Database; command: Command },
): void {
	app.get(
		'/api/v1/deliveries',
		{
			config: { scope: 'webhooks:read' },
			schema: {
				tags,
				summary: 'List deliveries',
				querystring: listQuery,
				response: { 200: pageOf(delivery) },
			},
		},
		async ({ query }) => {
			const { limit, cursor, ...filter } = query;
			const rows = await listDeliveries(db, { ...filter, before: cursor, limit: limit + 1 });
			return toPage(rows, limit, (row) => row.id);
		},
	);
	app.post(
		'/api/v1/deliveries/:id/replay',
		{
			config: { scope: 'webhooks:write' },
			schema: {
				tags,
				summary: 'Deliver a dead letter again',
				params: z.object({ id: z.uuid() }),
				response: { 202: replayed },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				const count = await replayDead(tx, { id: request.params.id });
				if (count === 0) throw notFound('dead delivery', request.params.id);
				return { status: 202, body: { replayed: count } };
			}),
	);
	app.post(
		'/api/v1/deliveries/replay',
		{
			config: { scope: 'webhooks:write' },
			schema: {
				tags,
				summary: 'Deliver all dead letters of a filter again',
				body: replayFilter,
				response: { 202: replayed },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 202,
				body: { replayed: await replayDead(tx, request.body) },
			})),
	);
}
