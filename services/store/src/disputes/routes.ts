import { type App, invalidCursor, notFound, pageOf, toPage } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { z } from 'zod';
import * as schema from './schema.ts';
import { cursorOf, findDispute, selectDisputes } from './store.ts';

const tags = ['disputes'];
const config = { scope: 'payments:read' };
const byId = z.object({ id: z.uuid() });
const { dispute } = schema;

export function disputeRoutes(app: App, { db }: { db: Database }): void {
	app.get(
		'/api/v1/disputes',
		{
			config,
			schema: {
				tags,
				summary: 'List disputes, the newest first',
				querystring: schema.listDisputes,
				response: { 200: pageOf(dispute) },
			},
		},
		async ({ query }) => {
			const rows = await selectDisputes(db, query);
			if (rows === undefined) throw invalidCursor();
			return toPage(rows, query.limit, cursorOf);
		},
	);
	app.get(
		'/api/v1/disputes/:id',
		{ config, schema: { tags, summary: 'A dispute', params: byId, response: { 200: dispute } } },
		async ({ params }) => {
			const found = await findDispute(db, params.id);
			if (found === undefined) throw notFound('dispute', params.id);
			return found;
		},
	);
}
