import { type App, type Command, pageOf, toPage } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { z } from 'zod';
import type { Compiler } from './compiler.ts';
import * as schema from './schema.ts';
import { selectTemplates } from './store.ts';
import * as templates from './templates.ts';

const tags = ['templates'];
const read = { scope: 'templates:read' };
const write = { scope: 'templates:write' };
const params = z.object({ id: z.uuid() });
const { template } = schema;

export function templateRoutes(
	app: App,
	{ db, command, compiler }: { db: Database; command: Command; compiler: Compiler },
): void {
	app.post(
		'/api/templates',
		{
			config: write,
			schema: {
				tags,
				summary: 'Create a template (MJML with Liquid tags); faults come with their lines',
				body: schema.createTemplate,
				response: { 201: template },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 201,
				body: await templates.createTemplate(tx, compiler, request.body),
			})),
	);
	app.get(
		'/api/templates',
		{
			config: read,
			schema: {
				tags,
				summary: 'List templates, the newest first',
				querystring: schema.listTemplates,
				response: { 200: pageOf(template) },
			},
		},
		async ({ query }) => toPage(await selectTemplates(db, query), query.limit, (row) => row.id),
	);
	app.get(
		'/api/templates/:id',
		{
			config: read,
			schema: { tags, summary: 'Get a template', params, response: { 200: template } },
		},
		({ params: { id } }) => templates.getTemplate(db, id),
	);
	app.patch(
		'/api/templates/:id',
		{
			config: write,
			schema: {
				tags,
				summary: 'Change a template; campaigns that have begun to send keep what they had',
				params,
				body: schema.updateTemplate,
				response: { 200: template },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await templates.updateTemplate(tx, compiler, {
					...request.body,
					id: request.params.id,
				}),
			})),
	);
	app.delete(
		'/api/templates/:id',
		{
			config: write,
			schema: { tags, summary: 'Delete a template', params, response: { 204: z.undefined() } },
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				await templates.deleteTemplate(tx, request.params.id);
				return { status: 204 };
			}),
	);
	app.post(
		'/api/templates/:id/preview',
		{
			config: read,
			schema: {
				tags,
				summary: 'Fill a template in with data, as a recipient would see it',
				params,
				body: schema.preview,
				response: { 200: schema.rendered },
			},
		},
		async (request) =>
			templates.previewTemplate(db, compiler, { ...request.body, id: request.params.id }),
	);
}
