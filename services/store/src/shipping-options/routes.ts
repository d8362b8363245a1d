import { type App, type Command, pageOf, toPage } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { z } from 'zod';
import * as shippingOptions from './shipping-options.ts';
import * as schema from './schema.ts';
import { selectShippingOptions } from './store.ts';

const tags = ['shipping-options'];
const read = { scope: 'shipping-options:read' };
const write = { scope: 'shipping-options:write' };
const params = z.object({ id: z.uuid() });
const { shippingOption } = schema;

export function shippingOptionRoutes(
	app: App,
	{ db, command }: { db: Database; command: Command },
): void {
	app.post(
		'/api/v1/shipping-options',
		{
			config: write,
			schema: {
				tags,
				summary: 'Create a shipping option',
				body: schema.createShippingOption,
				response: { 201: shippingOption },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 201,
				body: await shippingOptions.createShippingOption(tx, request.body),
			})),
	);
	app.get(
		'/api/v1/shipping-options',
		{
			config: read,
			schema: {
				tags,
				summary: 'List shipping options',
				querystring: schema.listShippingOptions,
				response: { 200: pageOf(shippingOption) },
			},
		},
		async ({ query }) =>
			toPage(await selectShippingOptions(db, query), query.limit, (row) => row.id),
	);
	app.get(
		'/api/v1/shipping-options/:id',
		{
			config: read,
			schema: { tags, summary: 'Get a shipping option', params, response: { 200: shippingOption } },
		},
		({ params: { id } }) => shippingOptions.getShippingOption(db, id),
	);
	app.patch(
		'/api/v1/shipping-options/:id',
		{
			config: write,
			schema: {
				tags,
				summary: 'Change a shipping option',
				params,
				body: schema.updateShippingOption,
				response: { 200: shippingOption },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await shippingOptions.updateShippingOption(tx, request.params.id, request.body),
			})),
	);
	app.delete(
		'/api/v1/shipping-options/:id',
		{
			config: write,
			schema: {
				tags,
				summary: 'Delete a shipping option',
				params,
				response: { 204: z.undefined() },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				await shippingOptions.deleteShippingOption(tx, request.params.id);
				return { status: 204 };
			}),
	);
}
