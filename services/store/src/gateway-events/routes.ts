import {
	type App,
	type Command,
	conflict,
	invalidCursor,
	notFound,
	pageOf,
	toPage,
} from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { z } from 'zod';
import type { Gateways } from '../gateways/gateways.ts';
import { createInbox } from './inbox.ts';
import * as schema from './schema.ts';
import { cursorOf, findEvent, INBOX_CHANNEL, retryDead, selectEvents } from './store.ts';

const tags = ['gateway events'];
const byId = z.object({ id: z.uuid() });
const { gatewayEvent } = schema;

/** Where gateways post their events, and what has become of these. */
export function gatewayEventRoutes(
	app: App,
	{ db, command, gateways }: { db: Database; command: Command; gateways: Gateways },
): void {
	app.register(async (scope) => {
		// The signature is over the bytes as they came.
		scope.removeAllContentTypeParsers();
		scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
			done(null, body),
		);
		const inbox = createInbox(db);
		for (const name of ['stripe', 'razorpay']) {
			scope.post(
				`/webhooks/${name}`,
				{
					// A gateway that is behind sends all it has: turning it away would only bring it back.
					config: { public: true, rateLimit: false },
					logLevel: 'warn',
					schema: {
						tags: ['public'],
						summary: `Events of ${name}; stored, answered, then handled`,
					},
				},
				async (request, reply) => {
					const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
					const event = gateways.pick(name).verifyWebhook(body, request.headers);
					await inbox.accept({ ...event, gateway: name });
					return reply.send({ received: true });
				},
			);
		}
	});
	app.get(
		'/api/v1/gateway-events',
		{
			config: { scope: 'payments:read' },
			schema: {
				tags,
				summary: 'List what gateways have told, the newest first',
				querystring: schema.listGatewayEvents,
				response: { 200: pageOf(gatewayEvent) },
			},
		},
		async ({ query }) => {
			const rows = await selectEvents(db, query);
			if (rows === undefined) throw invalidCursor();
			return toPage(rows, query.limit, cursorOf);
		},
	);
	app.post(
		'/api/v1/gateway-events/:id/retry',
		{
			config: { scope: 'payments:write' },
			schema: {
				tags,
				summary: 'Try a dead event again',
				params: byId,
				response: { 200: gatewayEvent },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				const { id } = request.params;
				const retried = await retryDead(tx, id);
				const event = await findEvent(tx, id);
				if (event === undefined) throw notFound('gateway event', id);
				if (!retried) {
					throw conflict(
						'event_not_dead',
						`This event is ${event.state}. Only a dead one can be tried again.`,
					);
				}
				await tx.query(`SELECT pg_notify($1, '')`, [INBOX_CHANNEL]);
				return { status: 200, body: event };
			}),
	);
}
