import { type App, type Command, pageOf, toPage } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { z } from 'zod';
import * as lists from './lists.ts';
import * as schema from './schema.ts';
import { selectLists } from './store.ts';

const tags = ['lists'];
const read = { scope: 'lists:read' };
const write = { scope: 'lists:write' };
const params = z.object({ id: z.uuid() });
const { list } = schema;

export function listRoutes(app: App, { db, command }: { db: Database; command: Command }): void {
	app.post(
		'/api/lists',
		{
			config: write,
			schema: {
				tags,
				summary: 'Create a list',
				body: schema.createList,
				response: { 201: list },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 201,
				body: await lists.createList(tx, request.body),
			})),
	);
	app.get(
		'/api/lists',
		{
			config: read,
			schema: {
				tags,
				summary: 'List the lists, the newest first',
				querystring: schema.listLists,
				response: { 200: pageOf(list) },
			},
		},
		async ({ query }) => toPage(await selectLists(db, query), query.limit, (row) => row.id),
	);
	app.get(
		'/api/lists/:id',
		{ config: read, schema: { tags, summary: 'Get a list', params, response: { 200: list } } },
		({ params: { id } }) => lists.getList(db, id),
	);
	app.patch(
		'/api/lists/:id',
		{
			config: write,
			schema: {
				tags,
				summary: 'Change a list',
				params,
				body: schema.updateList,
				response: { 200: list },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await lists.updateList(tx, request.params.id, request.body),
			})),
	);
	app.delete(
		'/api/lists/:id',
		{
			config: write,
			schema: {
				tags,
				summary: 'Delete a list; its contacts stay',
				params,
				response: { 204: z.undefined() },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				await lists.deleteList(tx, request.params.id);
				return { status: 204 };
			}),
	);
	app.post(
		'/api/lists/:id/contacts',
		{
			config: write,
			schema: {
				tags,
				summary: 'Put contacts on a list',
				params,
				body: schema.addContacts,
				response: { 200: z.object({ added: z.int() }) },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await lists.addContacts(tx, request.params.id, request.body.contactIds),
			})),
	);
	app.delete(
		'/api/lists/:id/contacts/:contactId',
		{
			config: write,
			schema: {
				tags,
				summary: 'Take a contact off a list',
				params: params.extend({ contactId: z.uuid() }),
				response: { 204: z.undefined() },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				await lists.removeContact(tx, request.params.id, request.params.contactId);
				return { status: 204 };
			}),
	);
}
