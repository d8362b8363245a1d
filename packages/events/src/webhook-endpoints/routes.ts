import { type Egress, EgressDenied } from '@autopilot/egress';
import {
	type App,
	type Command,
	notFound,
	pageOf,
	pageQuery,
	toPage,
	unprocessable,
} from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { z } from 'zod';
import { endpoint, endpointSchemas, endpointWithSecret } from './schema.ts';
import {
	deleteEndpoint,
	findEndpoint,
	insertEndpoint,
	insertTestEvent,
	listEndpoints,
	rotateSecret,
} from './store.ts';

const tags = ['webhooks'];
const params = z.object({ id: z.uuid() });
const read = { scope: 'webhooks:read' };
const write = { scope: 'webhooks:write' };

/** Subscriptions to the service's events. */
export function registerWebhookEndpointRoutes(
	app: App,
	options: { db: Database; command: Command; egress: Egress; eventTypes: readonly string[] },
): void {
	const { db, command, egress } = options;
	const createEndpoint = endpointSchemas(options.eventTypes);

	app.post(
		'/api/v1/webhook-endpoints',
		{
			config: write,
			schema: {
				tags,
				summary: 'Subscribe a URL to events',
				body: createEndpoint,
				response: { 201: endpointWithSecret },
			},
		},
		async (request, reply) => {
			await assertReachable(egress, request.body.url);
			return command(request, reply, async (tx) => ({
				status: 201,
				body: await insertEndpoint(tx, request.body),
			}));
		},
	);
	app.get(
		'/api/v1/webhook-endpoints',
		{
			config: read,
			schema: {
				tags,
				summary: 'List subscriptions',
				querystring: z.object({ ...pageQuery, cursor: z.uuid().optional() }),
				response: { 200: pageOf(endpoint) },
			},
		},
		async ({ query: { limit, cursor } }) => {
			const rows = await listEndpoints(db, { before: cursor, limit: limit + 1 });
			return toPage(rows, limit, (row) => row.id);
		},
	);
	app.get(
		'/api/v1/webhook-endpoints/:id',
		{
			config: read,
			schema: { tags, summary: 'Get a subscription', params, response: { 200: endpoint } },
		},
		async ({ params: { id } }) => {
			const found = await findEndpoint(db, id);
			if (found === undefined) throw notFound('webhook endpoint', id);
			return found;
		},
	);
	app.delete(
		'/api/v1/webhook-endpoints/:id',
		{
			config: write,
			schema: { tags, summary: 'Unsubscribe', params, response: { 204: z.undefined() } },
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				const { id } = request.params;
				if (!(await deleteEndpoint(tx, id))) throw notFound('webhook endpoint', id);
				return { status: 204 };
			}),
	);
	app.post(
		'/api/v1/webhook-endpoints/:id/rotate-secret',
		{
			config: write,
			schema: {
				tags,
				summary: 'Make a new signing secret; the old one signs along for 24 hours',
				params,
				response: { 200: endpointWithSecret },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				const rotated = await rotateSecret(tx, request.params.id);
				if (rotated === undefined) throw notFound('webhook endpoint', request.params.id);
				return { status: 200, body: rotated };
			}),
	);
	app.post(
		'/api/v1/webhook-endpoints/:id/test',
		{
			config: write,
			schema: {
				tags,
				summary: 'Send a test event',
				params,
				response: { 202: z.object({ queued: z.literal(true) }) },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				const { id } = request.params;
				if ((await findEndpoint(tx, id)) === undefined) throw notFound('webhook endpoint', id);
				await insertTestEvent(tx, id, request.id);
				return { status: 202, body: { queued: true as const } };
			}),
	);
}

// A name that can't be resolved now may be later; a forbidden address is refused before anything is stored.
async function assertReachable(egress: Egress, url: string): Promise<void> {
	try {
		await egress.resolve(url);
	} catch (error) {
		if (!(error instanceof EgressDenied)) return;
		throw unprocessable(
			'target_denied',
			`Webhooks can't be sent there: ${error.detail} An operator opens private targets with EGRESS_ALLOW.`,
			[{ pointer: '/url', detail: error.detail }],
		);
	}
}
