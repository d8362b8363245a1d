import { type App, callerOf, type Command, notFound, pageOf, toPage } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { sendFile, type Storage } from '@autopilot/storage';
import { z } from 'zod';
import * as schema from './schema.ts';
import * as scrapes from './scrapes.ts';
import { findScreenshotKey, selectScrapes } from './store.ts';

const tags = ['scrapes'];
const read = { scope: 'scrapes:read' };
const write = { scope: 'scrapes:write' };
const byId = z.object({ id: z.uuid() });

export function scrapeRoutes(
	app: App,
	{ db, command, storage }: { db: Database; command: Command; storage: Storage },
): void {
	app.post(
		'/api/v1/scrapes',
		{
			config: write,
			schema: {
				tags,
				summary: 'Read products, reviews or own fields from web pages',
				body: schema.createScrape,
				response: { 202: schema.scrape },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 202,
				body: await scrapes.createScrape(tx, request.body, {
					correlationId: request.id,
					callerId: callerOf(request).id,
				}),
			})),
	);
	app.get(
		'/api/v1/scrapes',
		{
			config: read,
			schema: {
				tags,
				summary: 'List scrapes without their results, the newest first',
				querystring: schema.listScrapes,
				response: { 200: pageOf(schema.scrapeSummary) },
			},
		},
		async ({ query }) => toPage(await selectScrapes(db, query), query.limit, ({ id }) => id),
	);
	app.get(
		'/api/v1/scrapes/:id',
		{
			config: read,
			schema: {
				tags,
				summary: 'Get a scrape with the results known so far',
				params: byId,
				response: { 200: schema.scrape },
			},
		},
		({ params: { id } }) => scrapes.getScrape(db, id),
	);
	app.post(
		'/api/v1/scrapes/:id/cancel',
		{
			config: write,
			schema: {
				tags,
				summary: 'Stop a scrape; results that are known stay',
				params: byId,
				response: { 202: schema.scrape },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 202,
				body: await scrapes.cancelScrape(tx, request.params.id),
			})),
	);
	app.get(
		'/api/v1/scrapes/:id/results/:index/screenshot',
		{
			config: read,
			schema: {
				tags,
				summary: 'Get the picture of a page as JPEG',
				params: z.object({ id: z.uuid(), index: z.coerce.number().int().min(0).max(99) }),
			},
		},
		async (request, reply) => {
			const { id, index } = request.params;
			const key = await findScreenshotKey(db, id, index);
			if (key === undefined) throw notFound('screenshot', `${id}/${index}`);
			return await sendFile(request, reply, { storage, key, fileName: `${id}-${index}.jpg` });
		},
	);
}
