import { type App, invalidCursor, pageOf, toPage } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { z } from 'zod';
import type { Gateways } from '../gateways/gateways.ts';
import * as schema from './schema.ts';
import { cursorOf, selectSubscriptions } from './store.ts';
import * as subscriptions from './subscriptions.ts';

const tags = ['subscriptions'];
const read = { scope: 'subscriptions:read' };
const write = { scope: 'subscriptions:write' };
const byId = z.object({ id: z.uuid() });
const { subscription } = schema;

/** Commands ask the gateway first and are safe to repeat: an Idempotency-Key changes nothing about them. */
export function subscriptionRoutes(
	app: App,
	{ publicUrl, ...parts }: { db: Database; gateways: Gateways; publicUrl: string },
): void {
	const { db } = parts;
	app.get(
		'/api/v1/subscriptions',
		{
			config: read,
			schema: {
				tags,
				summary: 'List subscriptions, the newest first',
				querystring: schema.listSubscriptions,
				response: { 200: pageOf(subscription) },
			},
		},
		async ({ query }) => {
			const rows = await selectSubscriptions(db, query);
			if (rows === undefined) throw invalidCursor();
			return toPage(rows, query.limit, cursorOf);
		},
	);
	app.get(
		'/api/v1/subscriptions/:id',
		{
			config: read,
			schema: { tags, summary: 'A subscription', params: byId, response: { 200: subscription } },
		},
		({ params }) => subscriptions.getSubscription(db, params.id),
	);
	app.post(
		'/api/v1/subscriptions/:id/cancel',
		{
			config: write,
			schema: {
				tags,
				summary: 'End a subscription, with its period or now',
				params: byId,
				body: schema.cancelSubscription,
				response: { 200: subscription },
			},
		},
		({ params, body }) => subscriptions.cancelSubscription(parts, params.id, body),
	);
	app.post(
		'/api/v1/subscriptions/:id/pause',
		{
			config: write,
			schema: {
				tags,
				summary: 'Pause a subscription',
				params: byId,
				response: { 200: subscription },
			},
		},
		({ params }) => subscriptions.pauseSubscription(parts, params.id),
	);
	app.post(
		'/api/v1/subscriptions/:id/resume',
		{
			config: write,
			schema: {
				tags,
				summary: 'Go on after a pause, or take back a cancellation',
				params: byId,
				response: { 200: subscription },
			},
		},
		({ params }) => subscriptions.resumeSubscription(parts, params.id),
	);
	app.get(
		'/api/v1/customers/:id/membership',
		{
			config: read,
			schema: {
				tags,
				summary: 'The membership tier of a customer',
				params: byId,
				response: { 200: schema.membership },
			},
		},
		({ params }) => subscriptions.getMembership(db, params.id),
	);
	app.post(
		'/api/v1/customers/:id/portal',
		{
			config: write,
			schema: {
				tags,
				summary: "A link to the gateway's customer portal",
				params: byId,
				body: z.object({ returnUrl: z.url({ protocol: /^https?$/ }).optional() }).default({}),
				response: { 200: z.object({ url: z.string() }) },
			},
		},
		async ({ params, body }) => ({
			url: await subscriptions.portalUrl(parts, params.id, body.returnUrl ?? publicUrl),
		}),
	);
}
