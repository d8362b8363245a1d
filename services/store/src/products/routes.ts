import { type App, type Command, invalidCursor, notFound, pageOf, sendJson } from '@autopilot/http';
import { createCollapse, type Database } from '@autopilot/postgres';
import { z } from 'zod';
import { openDocuments } from './documents.ts';
import { findListed, listProducts } from './listing-store.ts';
import * as products from './products.ts';
import * as schema from './schema.ts';

const tags = ['products'];
const read = { scope: 'products:read' };
const write = { scope: 'products:write' };
const byId = z.object({ id: z.uuid() });
const { product } = schema;

export function productRoutes(app: App, { db, command }: { db: Database; command: Command }): void {
	const documents = openDocuments(db);
	// A page of a catalogue is asked for by many at once, and one answer does for all of them.
	const collapse = createCollapse<string | undefined>();
	app.post(
		'/api/v1/products',
		{
			config: write,
			schema: {
				tags,
				summary: 'Create a product',
				body: schema.createProduct,
				response: { 201: product },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 201,
				body: await products.createProduct(tx, request.body, { correlationId: request.id }),
			})),
	);
	app.get(
		'/api/v1/products',
		{
			config: read,
			schema: {
				tags,
				summary: 'List products, the newest first',
				querystring: schema.listProducts,
				response: { 200: pageOf(product) },
			},
		},
		async ({ query }, reply) => {
			const page = await collapse(`list ${JSON.stringify(query)}`, async () => {
				const listed = await listProducts(db, query);
				return listed === undefined ? undefined : documents.page(listed, query.limit);
			});
			if (page === undefined) throw invalidCursor();
			return sendJson(reply, page);
		},
	);
	app.get(
		'/api/v1/products/:id',
		{
			config: read,
			schema: {
				tags,
				summary: 'Get a product by id or slug',
				params: z.object({ id: z.string().min(1).max(200) }),
				response: { 200: product },
			},
		},
		async ({ params: { id } }, reply) => {
			const json = await collapse(`one ${id}`, async () => {
				const listed = await findListed(db, id);
				return listed === undefined ? undefined : documents.one(listed);
			});
			if (json === undefined) throw notFound('product', id);
			return sendJson(reply, json);
		},
	);
	app.patch(
		'/api/v1/products/:id',
		{
			config: write,
			schema: {
				tags,
				summary: 'Change a product; attributes are merged',
				params: byId,
				body: schema.updateProduct,
				response: { 200: product },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await products.updateProduct(tx, request.params.id, request.body, {
					correlationId: request.id,
				}),
			})),
	);
	app.delete(
		'/api/v1/products/:id',
		{
			config: write,
			schema: { tags, summary: 'Delete a product', params: byId, response: { 204: z.undefined() } },
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				await products.deleteProduct(tx, request.params.id, { correlationId: request.id });
				return { status: 204 };
			}),
	);
	app.post(
		'/api/v1/products/:id/media',
		{
			config: write,
			schema: {
				tags,
				summary: 'Add a picture, video or document',
				params: byId,
				body: schema.addMedia,
				response: { 200: product },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await products.addMedia(tx, request.params.id, request.body, {
					correlationId: request.id,
				}),
			})),
	);
	for (const [action, run, summary] of [
		['publish', products.publishProduct, 'Publish a product'],
		['archive', products.archiveProduct, 'Take a product out of the catalogue'],
	] as const) {
		app.post(
			`/api/v1/products/:id/${action}`,
			{
				config: write,
				schema: { tags, summary, params: byId, response: { 200: product } },
			},
			(request, reply) =>
				command(request, reply, async (tx) => ({
					status: 200,
					body: await run(tx, request.params.id, { correlationId: request.id }),
				})),
		);
	}
}
