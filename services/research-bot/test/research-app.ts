import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createEgress } from '@autopilot/egress';
import { connectRedis, createApiKey, createLogger, parseConfig } from '@autopilot/http';
import { createTestDatabase, startTestRedis } from '@autopilot/postgres/testing';
import { localStorage } from '@autopilot/storage';
import { buildApp } from '../src/app.ts';
import { configSchema } from '../src/config.ts';
import { migrations } from '../src/migrations.ts';

/** The research bot's API on a database, a Redis and a folder of its own. */
export async function startResearchApp() {
	const database = await createTestDatabase(migrations);
	const redisServer = await startTestRedis();
	const redis = connectRedis(redisServer.url, { name: 'test', failFast: true });
	const directory = await mkdtemp(path.join(tmpdir(), 'autopilot-research-'));
	const egress = createEgress({ allow: ['127.0.0.1'] });
	const environment = {
		PORT: '0',
		PUBLIC_URL: 'http://research.test',
		DATABASE_URL: database.url,
		REDIS_URL: redisServer.url,
		SIGNING_SECRET: 'test'.repeat(8),
		RATE_LIMIT_PER_MINUTE: '100000',
		STORAGE_DIR: directory,
		LOG_LEVEL: 'error',
		PER_HOST_DELAY_MS: '0',
		PER_HOST_CONCURRENCY: '8',
	};
	const config = parseConfig(configSchema, environment);
	const logger = createLogger('research-bot', 'silent');
	const storage = localStorage(directory);
	const app = await buildApp({ config, db: database.db, redis, egress, storage, logger });
	const { key } = await createApiKey(database.db, { name: 'test', scopes: ['*'] });
	return {
		app,
		key,
		db: database.db,
		storage,
		environment,
		redisUrl: redisServer.url,
		async call(
			method: 'GET' | 'POST',
			url: string,
			payload?: object,
			headers: Record<string, string> = {},
		) {
			const answer = await app.inject({
				method,
				url,
				headers: { authorization: `Bearer ${key}`, ...headers },
				...(payload === undefined ? {} : { payload }),
			});
			const isJson = /json/.test(String(answer.headers['content-type']));
			return {
				status: answer.statusCode,
				headers: answer.headers,
				bytes: answer.rawPayload,
				body: isJson ? answer.json() : undefined,
			};
		},
		async close() {
			await app.close();
			await egress.close();
			redis.disconnect();
			await redisServer.stop();
			await database.drop();
			await rm(directory, { recursive: true, force: true });
		},
	};
}

export type ResearchApp = Awaited<ReturnType<typeof startResearchApp>>;
