import { type App, type Command, invalidCursor, pageOf, toPage } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { z } from 'zod';
import * as plans from './plans.ts';
import * as schema from './schema.ts';
import { cursorOf, selectPlans } from './store.ts';

const tags = ['plans'];
const read = { scope: 'subscriptions:read' };
const write = { scope: 'subscriptions:write' };
const byId = z.object({ id: z.uuid() });
const { plan } = schema;

export function planRoutes(app: App, { db, command }: { db: Database; command: Command }): void {
	app.post(
		'/api/v1/plans',
		{
			config: write,
			schema: {
				tags,
				summary: 'Sell a variant by subscription',
				body: schema.createPlan,
				response: { 201: plan },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 201,
				body: await plans.createPlan(tx, request.body),
			})),
	);
	app.get(
		'/api/v1/plans',
		{
			config: read,
			schema: {
				tags,
				summary: 'List plans, the newest first',
				querystring: schema.listPlans,
				response: { 200: pageOf(plan) },
			},
		},
		async ({ query }) => {
			const rows = await selectPlans(db, query);
			if (rows === undefined) throw invalidCursor();
			return toPage(rows, query.limit, cursorOf);
		},
	);
	app.get(
		'/api/v1/plans/:id',
		{ config: read, schema: { tags, summary: 'A plan', params: byId, response: { 200: plan } } },
		({ params }) => plans.getPlan(db, params.id),
	);
	app.patch(
		'/api/v1/plans/:id',
		{
			config: write,
			schema: {
				tags,
				summary: 'Change a plan',
				params: byId,
				body: schema.updatePlan,
				response: { 200: plan },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await plans.updatePlan(tx, request.params.id, request.body),
			})),
	);
	app.delete(
		'/api/v1/plans/:id',
		{
			config: write,
			schema: { tags, summary: 'Delete a plan', params: byId, response: { 204: z.undefined() } },
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				await plans.deletePlan(tx, request.params.id);
				return { status: 204 };
			}),
	);
}
