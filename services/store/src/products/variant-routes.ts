import type { App, Command } from '@autopilot/http';
import { z } from 'zod';
import * as products from './products.ts';
import * as schema from './schema.ts';

const tags = ['variants'];
const write = { scope: 'products:write' };
const byId = z.object({ id: z.uuid() });
const { product } = schema;

/** Variants and their stock. Each answers with the whole product, which is what the event tells too. */
export function variantRoutes(app: App, { command }: { command: Command }): void {
	app.post(
		'/api/v1/products/:id/variants',
		{
			config: write,
			schema: {
				tags,
				summary: 'Add a variant',
				params: byId,
				body: schema.createVariant,
				response: { 201: product },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 201,
				body: await products.addVariant(tx, request.params.id, request.body, {
					correlationId: request.id,
				}),
			})),
	);
	app.patch(
		'/api/v1/variants/:id',
		{
			config: write,
			schema: {
				tags,
				summary: 'Change a variant',
				params: byId,
				body: schema.updateVariant,
				response: { 200: product },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await products.updateVariant(tx, request.params.id, request.body, {
					correlationId: request.id,
				}),
			})),
	);
	app.delete(
		'/api/v1/variants/:id',
		{
			config: write,
			schema: { tags, summary: 'Delete a variant', params: byId, response: { 204: z.undefined() } },
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				await products.deleteVariant(tx, request.params.id, { correlationId: request.id });
				return { status: 204 };
			}),
	);
	app.post(
		'/api/v1/variants/:id/stock',
		{
			config: { scope: 'stock:write' },
			schema: {
				tags,
				summary: 'Change the stock by delta, or set what was counted',
				params: byId,
				body: schema.changeStock,
				response: { 200: product },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await products.changeStock(tx, request.params.id, request.body, {
					correlationId: request.id,
				}),
			})),
	);
}
