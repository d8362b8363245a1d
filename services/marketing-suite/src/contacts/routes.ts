import { type App, type Command, pageOf, toPage } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { z } from 'zod';
import * as contacts from './contacts.ts';
import { importContacts } from './import.ts';
import * as schema from './schema.ts';
import { selectContacts } from './store.ts';

const tags = ['contacts'];
const read = { scope: 'contacts:read' };
const write = { scope: 'contacts:write' };
const params = z.object({ id: z.uuid() });
const { contact } = schema;
const IMPORT_BYTES = 8 * 1024 * 1024;

export function contactRoutes(app: App, { db, command }: { db: Database; command: Command }): void {
	app.post(
		'/api/contacts',
		{
			config: write,
			schema: {
				tags,
				summary: 'Add a contact with their consent; a known address is updated (200)',
				body: schema.createContact,
				response: { 201: contact, 200: contact },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				const cause = { correlationId: request.id };
				const result = await contacts.createContact(tx, request.body, cause);
				return { status: result.created ? 201 : 200, body: result.contact };
			}),
	);
	app.post(
		'/api/contacts/import',
		{
			config: write,
			bodyLimit: IMPORT_BYTES,
			schema: {
				tags,
				summary: 'Add or update up to 1000 contacts of a list',
				body: schema.importContacts,
				response: { 200: schema.importResult },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await importContacts(tx, request.body, { correlationId: request.id }),
			})),
	);
	app.get(
		'/api/contacts',
		{
			config: read,
			schema: {
				tags,
				summary: 'List contacts, the newest first',
				querystring: schema.listContacts,
				response: { 200: pageOf(contact) },
			},
		},
		async ({ query }) => toPage(await selectContacts(db, query), query.limit, (row) => row.id),
	);
	app.get(
		'/api/contacts/:id',
		{
			config: read,
			schema: { tags, summary: 'Get a contact', params, response: { 200: contact } },
		},
		({ params: { id } }) => contacts.getContact(db, id),
	);
	app.patch(
		'/api/contacts/:id',
		{
			config: write,
			schema: {
				tags,
				summary: 'Change a contact; attributes are merged',
				params,
				body: schema.updateContact,
				response: { 200: contact },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await contacts.updateContact(tx, request.params.id, request.body),
			})),
	);
	app.delete(
		'/api/contacts/:id',
		{
			config: write,
			schema: {
				tags,
				summary: 'Erase a contact',
				params,
				response: { 204: z.undefined() },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				await contacts.deleteContact(tx, request.params.id);
				return { status: 204 };
			}),
	);
	app.post(
		'/api/contacts/:id/unsubscribe',
		{
			config: write,
			schema: {
				tags,
				summary: 'Note that a contact wants no more mail',
				params,
				response: { 200: contact },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await contacts.unsubscribeContact(tx, request.params.id, {
					correlationId: request.id,
					source: 'api',
				}),
			})),
	);
}
