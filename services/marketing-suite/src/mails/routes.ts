import { type App, callerOf, type Command, pageOf, toPage } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { z } from 'zod';
import type { Compiler } from '../templates/compiler.ts';
import { createMail, getMail } from './mails.ts';
import * as schema from './schema.ts';
import { selectMails } from './store.ts';

const tags = ['mails'];
const read = { scope: 'mails:read' };

export function mailRoutes(
	app: App,
	{ db, command, compiler }: { db: Database; command: Command; compiler: Compiler },
): void {
	app.post(
		'/api/mails',
		{
			config: { scope: 'mails:send' },
			schema: {
				tags,
				summary: 'Send a mail to one person (200 with the first one for a known sendOnceKey)',
				body: schema.createMail,
				response: { 202: schema.mail, 200: schema.mail },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				const { mail, created } = await createMail(tx, compiler, {
					...request.body,
					correlationId: request.id,
					callerId: callerOf(request).id,
				});
				return { status: created ? 202 : 200, body: mail };
			}),
	);
	app.get(
		'/api/mails',
		{
			config: read,
			schema: {
				tags,
				summary: 'List mails, the newest first',
				querystring: schema.listMails,
				response: { 200: pageOf(schema.mail) },
			},
		},
		async ({ query }) => toPage(await selectMails(db, query), query.limit, ({ id }) => id),
	);
	app.get(
		'/api/mails/:id',
		{
			config: read,
			schema: {
				tags,
				summary: 'Get a mail as it was written',
				params: z.object({ id: z.uuid() }),
				response: { 200: schema.renderedMail },
			},
		},
		({ params: { id } }) => getMail(db, id),
	);
}
