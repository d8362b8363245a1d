import { type App, type Command, invalidCursor, notFound, pageOf, toPage } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { z } from 'zod';
import { requestRefund } from './refunds.ts';
import * as schema from './schema.ts';
import { cursorOf, findRefund, selectRefunds } from './store.ts';

const tags = ['refunds'];
const read = { scope: 'payments:read' };
const byId = z.object({ id: z.uuid() });
const { refund } = schema;

export function refundRoutes(app: App, { db, command }: { db: Database; command: Command }): void {
	app.post(
		'/api/v1/refunds',
		{
			config: { scope: 'refunds:write' },
			schema: {
				tags,
				summary: 'Give money back: all that is left, an amount, or what lines cost',
				body: schema.createRefund,
				response: { 202: refund },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 202,
				body: await requestRefund(tx, request.body, { correlationId: request.id }),
			})),
	);
	app.get(
		'/api/v1/refunds',
		{
			config: read,
			schema: {
				tags,
				summary: 'List refunds, the newest first',
				querystring: schema.listRefunds,
				response: { 200: pageOf(refund) },
			},
		},
		async ({ query }) => {
			const rows = await selectRefunds(db, query);
			if (rows === undefined) throw invalidCursor();
			return toPage(rows, query.limit, cursorOf);
		},
	);
	app.get(
		'/api/v1/refunds/:id',
		{
			config: read,
			schema: { tags, summary: 'A refund', params: byId, response: { 200: refund } },
		},
		async ({ params }) => {
			const found = await findRefund(db, params.id);
			if (found === undefined) throw notFound('refund', params.id);
			return found;
		},
	);
}
