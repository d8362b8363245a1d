import type { App, Command } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { z } from 'zod';
import { order } from '../orders/schema.ts';
import * as carts from './carts.ts';
import * as schema from './schema.ts';

const tags = ['carts'];
const read = { scope: 'carts:read' };
const write = { scope: 'carts:write' };
const params = z.object({ id: z.uuid() });
const { cart } = schema;

/** Carts hold nothing: stock is reserved when one is checked out. */
export function cartRoutes(app: App, { db, command }: { db: Database; command: Command }): void {
	app.post(
		'/api/v1/carts',
		{
			config: write,
			schema: {
				tags,
				summary: 'Start a cart',
				body: schema.createCart.nullish(),
				response: { 201: cart },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 201,
				body: await carts.createCart(tx, request.body ?? { lines: [] }),
			})),
	);
	app.get(
		'/api/v1/carts/:id',
		{
			config: read,
			schema: {
				tags,
				summary: 'Get a cart with the price an order would have now',
				params,
				response: { 200: cart },
			},
		},
		({ params: { id } }) => carts.getCart(db, id),
	);
	app.patch(
		'/api/v1/carts/:id',
		{
			config: write,
			schema: {
				tags,
				summary: 'Say who buys, where it goes, which coupon',
				params,
				body: schema.updateCart,
				response: { 200: cart },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await carts.updateCart(tx, request.params.id, request.body),
			})),
	);
	app.put(
		'/api/v1/carts/:id/lines/:sku',
		{
			config: write,
			schema: {
				tags,
				summary: 'Set how many of a SKU are in the cart',
				params: params.extend({ sku: z.string().min(1).max(100) }),
				body: schema.setCartLine,
				response: { 200: cart },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await carts.setLine(tx, request.params.id, {
					sku: request.params.sku,
					quantity: request.body.quantity,
				}),
			})),
	);
	app.post(
		'/api/v1/carts/:id/checkout',
		{
			config: write,
			schema: {
				tags,
				summary: 'Make an order of the cart; the same one if it was made before',
				params,
				response: { 201: order },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 201,
				body: await carts.checkoutCart(tx, request.params.id, { correlationId: request.id }),
			})),
	);
}
