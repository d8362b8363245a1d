import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createEgress } from '@autopilot/egress';
import { startDeliveryWorker } from '@autopilot/events';
import { connectRedis, createApiKey, createLogger, parseConfig } from '@autopilot/http';
import { startJobWorker } from '@autopilot/jobs';
import { createTestDatabase, startTestRedis, until } from '@autopilot/postgres/testing';
import { linkSigner, openStorage } from '@autopilot/storage';
import { createEspeak } from '../src/adapters/espeak.ts';
import { buildApp } from '../src/app.ts';
import { migrations } from '../src/migrations.ts';
import { configSchema } from '../src/config.ts';
import { openStudio } from '../src/studio.ts';
import { videoJobs } from '../src/videos/jobs.ts';
import type { VideoTask } from '../src/videos/schema.ts';
import { temporaryFolder } from './world.ts';

/** What a caller of ours runs: it collects what is posted to it, and serves pictures. */
async function startOutside(pictures: Record<string, Buffer>) {
	const posted: { path: string; headers: Record<string, string | undefined>; body: string }[] = [];
	const server = createServer((request, response) => {
		const path = request.url ?? '';
		if (request.method === 'POST') {
			void text(request).then((body) => {
				const headers = Object.fromEntries(
					Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
				);
				posted.push({ path, headers, body });
				response.end('ok');
			});
			return;
		}
		const picture = pictures[path];
		response.writeHead(picture ? 200 : 404).end(picture ?? 'not here');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		posted,
		close: () => {
			server.closeAllConnections();
			server.close();
		},
	};
}

/** The whole service over real PostgreSQL and Redis; `work()` adds a worker to this process. */
export async function startFactory(pictures: Record<string, Buffer> = {}) {
	const { folder, remove } = temporaryFolder();
	const outside = await startOutside(pictures);
	const database = await createTestDatabase(migrations);
	const redisServer = await startTestRedis();
	const environment = {
		PORT: '0',
		PUBLIC_URL: 'http://video.test',
		DATABASE_URL: database.url,
		REDIS_URL: redisServer.url,
		LOG_LEVEL: 'silent',
		SIGNING_SECRET: 'a-secret-of-the-tests-that-is-long-enough',
		STORAGE_DIR: folder,
		EGRESS_ALLOW: '127.0.0.1',
		RENDER_CONCURRENCY: '2',
	};
	const config = parseConfig(configSchema, environment);
	const logger = createLogger('test', 'silent');
	const { db } = database;
	const redis = connectRedis(redisServer.url, { name: 'test' });
	const egress = createEgress({ allow: config.EGRESS_ALLOW });
	const storage = await openStorage(config);
	const app = await buildApp({ config, db, redis, egress, storage, voice: createEspeak(), logger });
	const { key } = await createApiKey(db, { name: 'tester', scopes: ['*'] });
	const authorization = `Bearer ${key}`;
	const links = linkSigner(config.SIGNING_SECRET);
	const stops: (() => Promise<void>)[] = [];

	const send = (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object, headers = {}) =>
		app.inject({
			...{ method, url, headers: { authorization, ...headers } },
			...(payload === undefined ? {} : { payload }),
		});
	const status = async (id: string): Promise<VideoTask> =>
		(await send('GET', `/api/v1/video/status/${id}`)).json();
	return {
		...{ app, key, db, config, environment, folder, links, outside, storage, send, status },
		generate: async (body: object, headers = {}): Promise<VideoTask> =>
			(await send('POST', '/api/v1/video/generate', body, headers)).json(),
		ended: (id: string, timeoutMs = 240_000) =>
			until(
				async () => {
					const task = await status(id);
					return task.finishedAt === null ? undefined : task;
				},
				{ timeoutMs, what: `the end of video ${id}` },
			),
		async work() {
			const cacheFolder = join(folder, 'work', 'segments');
			mkdirSync(cacheFolder, { recursive: true });
			const studio = await openStudio({ config, egress, storage, cacheFolder, logger });
			stops.push(await startDeliveryWorker({ db, egress, logger }));
			const jobs = {
				...{ db, storage, studio, links, publicUrl: config.PUBLIC_URL },
				workFolder: join(folder, 'work', 'videos'),
				cacheBytes: 1e9,
			};
			const handlers = videoJobs(jobs);
			const worker = { db, redis, logger, queue: 'video-factory', concurrency: 1, handlers };
			stops.push(await startJobWorker(worker));
		},
		async close() {
			await Promise.all(stops.map((stop) => stop()));
			await app.close();
			await egress.close();
			outside.close();
			redis.disconnect();
			await redisServer.stop();
			await database.drop();
			remove();
		},
	};
}

export type Factory = Awaited<ReturnType<typeof startFactory>>;

/** Some two seconds of video: one scene, no crossfade. */
export const tiny = {
	product: { title: 'Arc Kettle', brand: 'Northfold', price: { amount: 7950, currency: 'EUR' } },
	script: 'Meet the Arc Kettle.',
	voice: { rate: 240 },
	aspect: '1:1',
};
