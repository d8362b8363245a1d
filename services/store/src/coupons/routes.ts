import { type App, type Command, pageOf, toPage } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { z } from 'zod';
import * as coupons from './coupons.ts';
import * as schema from './schema.ts';
import { selectCoupons } from './store.ts';

const tags = ['coupons'];
const read = { scope: 'coupons:read' };
const write = { scope: 'coupons:write' };
const params = z.object({ id: z.uuid() });
const { coupon } = schema;

export function couponRoutes(app: App, { db, command }: { db: Database; command: Command }): void {
	app.post(
		'/api/v1/coupons',
		{
			config: write,
			schema: {
				tags,
				summary: 'Create a coupon',
				body: schema.createCoupon,
				response: { 201: coupon },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 201,
				body: await coupons.createCoupon(tx, request.body),
			})),
	);
	app.get(
		'/api/v1/coupons',
		{
			config: read,
			schema: {
				tags,
				summary: 'List coupons',
				querystring: schema.listCoupons,
				response: { 200: pageOf(coupon) },
			},
		},
		async ({ query }) => toPage(await selectCoupons(db, query), query.limit, (row) => row.id),
	);
	app.get(
		'/api/v1/coupons/:id',
		{
			config: read,
			schema: { tags, summary: 'Get a coupon', params, response: { 200: coupon } },
		},
		({ params: { id } }) => coupons.getCoupon(db, id),
	);
	app.patch(
		'/api/v1/coupons/:id',
		{
			config: write,
			schema: {
				tags,
				summary: 'Change a coupon',
				params,
				body: schema.updateCoupon,
				response: { 200: coupon },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await coupons.updateCoupon(tx, request.params.id, request.body),
			})),
	);
	app.delete(
		'/api/v1/coupons/:id',
		{
			config: write,
			schema: { tags, summary: 'Delete a coupon', params, response: { 204: z.undefined() } },
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				await coupons.deleteCoupon(tx, request.params.id);
				return { status: 204 };
			}),
	);
}
