import { type App, type Command, pageOf, toPage } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { z } from 'zod';
import * as customers from './customers.ts';
import * as schema from './schema.ts';
import { selectCustomers } from './store.ts';

const tags = ['customers'];
const read = { scope: 'customers:read' };
const write = { scope: 'customers:write' };
const params = z.object({ id: z.uuid() });
const { customer } = schema;

export function customerRoutes(
	app: App,
	{ db, command }: { db: Database; command: Command },
): void {
	app.post(
		'/api/v1/customers',
		{
			config: write,
			schema: {
				tags,
				summary: 'Create a customer',
				body: schema.createCustomer,
				response: { 201: customer },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 201,
				body: await customers.createCustomer(tx, request.body, { correlationId: request.id }),
			})),
	);
	app.get(
		'/api/v1/customers',
		{
			config: read,
			schema: {
				tags,
				summary: 'List customers, the newest first',
				querystring: schema.listCustomers,
				response: { 200: pageOf(customer) },
			},
		},
		async ({ query }) => toPage(await selectCustomers(db, query), query.limit, (row) => row.id),
	);
	app.get(
		'/api/v1/customers/:id',
		{
			config: read,
			schema: { tags, summary: 'Get a customer', params, response: { 200: customer } },
		},
		({ params: { id } }) => customers.getCustomer(db, id),
	);
	app.patch(
		'/api/v1/customers/:id',
		{
			config: write,
			schema: {
				tags,
				summary: 'Change a customer; attributes are merged',
				params,
				body: schema.updateCustomer,
				response: { 200: customer },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await customers.updateCustomer(tx, request.params.id, request.body, {
					correlationId: request.id,
				}),
			})),
	);
	app.delete(
		'/api/v1/customers/:id',
		{
			config: write,
			schema: { tags, summary: 'Delete a customer', params, response: { 204: z.undefined() } },
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				await customers.deleteCustomer(tx, request.params.id);
				return { status: 204 };
			}),
	);
}
