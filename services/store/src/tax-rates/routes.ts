import { type App, type Command, pageOf, toPage } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { z } from 'zod';
import * as taxRates from './tax-rates.ts';
import * as schema from './schema.ts';
import { selectTaxRates } from './store.ts';

const tags = ['tax-rates'];
const read = { scope: 'tax-rates:read' };
const write = { scope: 'tax-rates:write' };
const params = z.object({ id: z.uuid() });
const { taxRate } = schema;

export function taxRateRoutes(app: App, { db, command }: { db: Database; command: Command }): void {
	app.post(
		'/api/v1/tax-rates',
		{
			config: write,
			schema: {
				tags,
				summary: 'Create a tax rate',
				body: schema.createTaxRate,
				response: { 201: taxRate },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 201,
				body: await taxRates.createTaxRate(tx, request.body),
			})),
	);
	app.get(
		'/api/v1/tax-rates',
		{
			config: read,
			schema: {
				tags,
				summary: 'List tax rates',
				querystring: schema.listTaxRates,
				response: { 200: pageOf(taxRate) },
			},
		},
		async ({ query }) => toPage(await selectTaxRates(db, query), query.limit, (row) => row.id),
	);
	app.get(
		'/api/v1/tax-rates/:id',
		{
			config: read,
			schema: { tags, summary: 'Get a tax rate', params, response: { 200: taxRate } },
		},
		({ params: { id } }) => taxRates.getTaxRate(db, id),
	);
	app.patch(
		'/api/v1/tax-rates/:id',
		{
			config: write,
			schema: {
				tags,
				summary: 'Change a tax rate',
				params,
				body: schema.updateTaxRate,
				response: { 200: taxRate },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await taxRates.updateTaxRate(tx, request.params.id, request.body),
			})),
	);
	app.delete(
		'/api/v1/tax-rates/:id',
		{
			config: write,
			schema: { tags, summary: 'Delete a tax rate', params, response: { 204: z.undefined() } },
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				await taxRates.deleteTaxRate(tx, request.params.id);
				return { status: 204 };
			}),
	);
}
