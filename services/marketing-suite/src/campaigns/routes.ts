import { type App, callerOf, type Command, pageOf, toPage } from '@autopilot/http';
import { job } from '@autopilot/jobs';
import type { Database } from '@autopilot/postgres';
import { z } from 'zod';
import type { Compiler } from '../templates/compiler.ts';
import { analyticsOf } from './analytics.ts';
import { selectRecipients } from './audience-store.ts';
import * as campaigns from './campaigns.ts';
import * as schema from './schema.ts';
import { selectCampaigns } from './store.ts';

const tags = ['campaigns'];
const read = { scope: 'campaigns:read' };
const write = { scope: 'campaigns:write' };
const send = { scope: 'campaigns:send' };
const params = z.object({ id: z.uuid() });
const { campaign } = schema;

export interface CampaignRouteParts {
	db: Database;
	command: Command;
	compiler: Compiler;
}

export function campaignRoutes(app: App, { db, command, compiler }: CampaignRouteParts): void {
	app.post(
		'/api/campaigns',
		{
			config: write,
			schema: {
				tags,
				summary: 'Create a draft (200 with the first one for a known sendOnceKey)',
				body: schema.createCampaign,
				response: { 201: campaign, 200: campaign },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				const result = await campaigns.createCampaign(tx, compiler, request.body);
				return { status: result.created ? 201 : 200, body: result.campaign };
			}),
	);
	app.get(
		'/api/campaigns',
		{
			config: read,
			schema: {
				tags,
				summary: 'List campaigns, the newest first',
				querystring: schema.listCampaigns,
				response: { 200: pageOf(campaign) },
			},
		},
		async ({ query }) => toPage(await selectCampaigns(db, query), query.limit, (row) => row.id),
	);
	app.get(
		'/api/campaigns/:id',
		{
			config: read,
			schema: { tags, summary: 'Get a campaign', params, response: { 200: campaign } },
		},
		({ params: { id } }) => campaigns.getCampaign(db, id),
	);
	app.patch(
		'/api/campaigns/:id',
		{
			config: write,
			schema: {
				tags,
				summary: 'Change a draft',
				params,
				body: schema.updateCampaign,
				response: { 200: campaign },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await campaigns.updateCampaign(tx, compiler, {
					...request.body,
					id: request.params.id,
				}),
			})),
	);
	app.delete(
		'/api/campaigns/:id',
		{
			config: write,
			schema: {
				tags,
				summary: 'Delete a campaign with its ledger',
				params,
				response: { 204: z.undefined() },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				await campaigns.deleteCampaign(tx, request.params.id);
				return { status: 204 };
			}),
	);
	app.post(
		'/api/campaigns/:id/send',
		{
			config: send,
			schema: {
				tags,
				summary: 'Send a campaign; one that is being sent or was sent is told as it is (200)',
				params,
				querystring: schema.sendQuery,
				body: schema.sendCampaign,
				response: { 202: schema.sendResult, 200: schema.sendResult },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				const { id } = request.params;
				if (request.query.dryRun === 'true') {
					return { status: 200, body: await campaigns.rehearse(tx, compiler, id) };
				}
				const { result, started } = await campaigns.startSending(tx, compiler, {
					id,
					correlationId: request.id,
					callerId: callerOf(request).id,
					callback: request.body?.callback,
				});
				return { status: started ? 202 : 200, body: result };
			}),
	);
	app.post(
		'/api/campaigns/:id/test',
		{
			config: send,
			schema: {
				tags,
				summary: 'Send a campaign to given addresses, outside its ledger',
				params,
				body: schema.testCampaign,
				response: { 202: job },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 202,
				body: await campaigns.sendTest(tx, compiler, {
					id: request.params.id,
					to: request.body.to,
					correlationId: request.id,
					callerId: callerOf(request).id,
				}),
			})),
	);
	for (const [action, run, summary] of [
		['pause', campaigns.pauseCampaign, 'Stop sending for now'],
		['resume', campaigns.resumeCampaign, 'Go on sending'],
		['cancel', campaigns.cancelCampaign, 'Stop sending for good'],
	] as const) {
		app.post(
			`/api/campaigns/:id/${action}`,
			{ config: send, schema: { tags, summary, params, response: { 200: campaign } } },
			(request, reply) =>
				command(request, reply, async (tx) => ({
					status: 200,
					body: await run(tx, request.params.id, { correlationId: request.id }),
				})),
		);
	}
	app.get(
		'/api/campaigns/:id/analytics',
		{
			config: read,
			schema: {
				tags,
				summary: 'What has become of a campaign, counted from its ledger',
				params,
				response: { 200: schema.analytics },
			},
		},
		async ({ params: { id } }) => {
			await campaigns.getCampaign(db, id);
			return analyticsOf(db, id);
		},
	);
	app.get(
		'/api/campaigns/:id/recipients',
		{
			config: read,
			schema: {
				tags,
				summary: 'The ledger: what has become of the mail to each recipient',
				params,
				querystring: schema.listRecipients,
				response: { 200: pageOf(schema.recipient) },
			},
		},
		async ({ params: { id }, query }) => {
			await campaigns.getCampaign(db, id);
			const rows = await selectRecipients(db, { ...query, campaignId: id });
			return toPage(rows, query.limit, (row) => row.id);
		},
	);
}
