import { type App, callerOf, type Command, pageOf, toPage } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { z } from 'zod';
import * as schema from './schema.ts';
import { listVideos } from './store.ts';
import * as videos from './videos.ts';

const tags = ['videos'];
const read = { scope: 'videos:read' };
const write = { scope: 'videos:write' };
const params = z.object({ task_id: z.uuid() });
const { videoTask } = schema;

export function videoRoutes(
	app: App,
	{ db, command, ...means }: { db: Database; command: Command } & videos.Addresses & videos.Orders,
): void {
	app.post(
		'/api/v1/video/generate',
		{
			config: write,
			schema: {
				tags,
				summary: 'Make a video of a product, a topic or a script',
				body: schema.generateVideo,
				response: { 202: videoTask },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 202,
				body: await videos.generate(tx, request.body, means, {
					correlationId: request.id,
					callerId: callerOf(request).id,
				}),
			})),
	);
	app.get(
		'/api/v1/video/status/:task_id',
		{
			config: read,
			schema: {
				tags,
				summary: 'Step, progress and, when finished, links and receipt',
				params,
				response: { 200: videoTask },
			},
		},
		({ params: { task_id: id } }) => videos.getVideo(db, id, means),
	);
	app.get(
		'/api/v1/video/tasks',
		{
			config: read,
			schema: {
				tags,
				summary: 'List videos, the newest first',
				querystring: schema.listVideos,
				response: { 200: pageOf(videoTask) },
			},
		},
		async ({ query }) => {
			const { data, nextCursor } = toPage(
				await listVideos(db, query),
				query.limit,
				(row) => row.id,
			);
			return { data: data.map((row) => videos.toTask(row, means)), nextCursor };
		},
	);
	app.post(
		'/api/v1/video/cancel/:task_id',
		{
			config: write,
			schema: { tags, summary: 'Stop making a video', params, response: { 202: videoTask } },
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 202,
				body: await videos.cancelVideo(tx, request.params.task_id, means),
			})),
	);
	app.delete(
		'/api/v1/video/:task_id',
		{
			config: write,
			schema: {
				tags,
				summary: 'Delete a video that has ended, with its files',
				params,
				response: { 204: z.undefined() },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				await videos.deleteVideo(tx, request.params.task_id, { correlationId: request.id });
				return { status: 204 };
			}),
	);
}
