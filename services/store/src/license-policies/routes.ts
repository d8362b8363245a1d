import { type App, type Command, pageOf, pageQuery, toPage } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { z } from 'zod';
import * as policies from './policies.ts';
import { licensePolicy, putLicensePolicy } from './schema.ts';
import { selectPolicies, toPolicy } from './store.ts';

const tags = ['license policies'];
const read = { scope: 'licenses:read' };
const write = { scope: 'licenses:write' };
const params = z.object({ productId: z.uuid() });

/** What a licence of each product grants. */
export function licensePolicyRoutes(
	app: App,
	{ db, command }: { db: Database; command: Command },
): void {
	app.put(
		'/api/v1/license-policies/:productId',
		{
			config: write,
			schema: {
				tags,
				summary: 'Set the policy of a product; it holds for licences issued from now on',
				params,
				body: putLicensePolicy,
				response: { 200: licensePolicy },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await policies.putPolicy(tx, request.params.productId, request.body),
			})),
	);
	app.get(
		'/api/v1/license-policies',
		{
			config: read,
			schema: {
				tags,
				summary: 'List policies',
				querystring: z.object({ ...pageQuery, cursor: z.uuid().optional() }),
				response: { 200: pageOf(licensePolicy) },
			},
		},
		async ({ query }) => {
			const rows = await selectPolicies(db, query);
			return toPage(rows.map(toPolicy), query.limit, (row) => row.productId);
		},
	);
	app.get(
		'/api/v1/license-policies/:productId',
		{
			config: read,
			schema: {
				tags,
				summary: 'Get the policy of a product',
				params,
				response: { 200: licensePolicy },
			},
		},
		({ params: { productId } }) => policies.getPolicy(db, productId),
	);
	app.delete(
		'/api/v1/license-policies/:productId',
		{
			config: write,
			schema: {
				tags,
				summary: 'Delete a policy; new licences get the default terms',
				params,
				response: { 204: z.undefined() },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				await policies.deletePolicy(tx, request.params.productId);
				return { status: 204 };
			}),
	);
}
