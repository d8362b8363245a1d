import { type App, type Command, notFound, pageOf, toPage } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { z } from 'zod';
import * as schema from './schema.ts';
import { deleteSuppression, insertSuppression, selectSuppressions } from './store.ts';

const tags = ['suppressions'];
const write = { scope: 'suppressions:write' };
const { suppression } = schema;

/** Addresses that get no mail whatever list they are on. */
export function suppressionRoutes(
	app: App,
	{ db, command }: { db: Database; command: Command },
): void {
	app.post(
		'/api/suppressions',
		{
			config: write,
			schema: {
				tags,
				summary: 'Never write to an address (200 when it was suppressed before)',
				body: schema.createSuppression,
				response: { 201: suppression, 200: suppression },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				const result = await insertSuppression(tx, request.body);
				return { status: result.created ? 201 : 200, body: result.suppression };
			}),
	);
	app.get(
		'/api/suppressions',
		{
			config: { scope: 'suppressions:read' },
			schema: {
				tags,
				summary: 'List suppressed addresses, the newest first',
				querystring: schema.listSuppressions,
				response: { 200: pageOf(suppression) },
			},
		},
		async ({ query }) => toPage(await selectSuppressions(db, query), query.limit, (row) => row.id),
	);
	app.delete(
		'/api/suppressions/:email',
		{
			config: write,
			schema: {
				tags,
				summary: 'Allow an address again; named by itself or by the id of its suppression',
				params: z.object({ email: z.string().min(1).max(254) }),
				response: { 204: z.undefined() },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				const { email } = request.params;
				if (!(await deleteSuppression(tx, email))) throw notFound('suppression', email);
				return { status: 204 };
			}),
	);
}
