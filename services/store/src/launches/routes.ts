import { type App, type Command, pageOf, toPage } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { z } from 'zod';
import * as launches from './launches.ts';
import * as schema from './schema.ts';
import { selectLaunches } from './store.ts';

const tags = ['launches'];
const read = { scope: 'products:read' };
const write = { scope: 'products:write' };
const params = z.object({ id: z.uuid() });
const response = { 200: schema.launch };
const PATH = '/api/v1/products/:id/launch';

/** How far the launches of products are, so that one whose run got lost can be found and taken up. */
export function launchRoutes(app: App, { db, command }: { db: Database; command: Command }): void {
	app.post(
		PATH,
		{
			config: write,
			schema: {
				tags,
				summary: 'Begin to launch a product, or go on with it in another run',
				params,
				body: schema.beginLaunch,
				response,
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await launches.beginLaunch(tx, request.params.id, request.body),
			})),
	);
	app.get(
		PATH,
		{ config: read, schema: { tags, summary: 'Get the launch of a product', params, response } },
		({ params: { id } }) => launches.getLaunch(db, id),
	);
	app.patch(
		PATH,
		{
			config: write,
			schema: {
				tags,
				summary: 'Note how far a launch is, or how it has ended',
				params,
				body: schema.updateLaunch,
				response,
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await launches.updateLaunch(tx, request.params.id, request.body),
			})),
	);
	app.post(
		`${PATH}/take-up`,
		{
			config: write,
			schema: {
				tags,
				summary: 'Count another attempt at a launch whose run got lost',
				params,
				body: schema.takeUpLaunch,
				response,
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await launches.takeUpLaunch(tx, request.params.id, request.body),
			})),
	);
	app.get(
		'/api/v1/launches',
		{
			config: read,
			schema: {
				tags,
				summary: 'List launches, those of the newest products first',
				querystring: schema.listLaunches,
				response: { 200: pageOf(schema.launch) },
			},
		},
		async ({ query }) =>
			toPage(await selectLaunches(db, query), query.limit, (one) => one.productId),
	);
}
