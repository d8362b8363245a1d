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

/** The store's API on a database and a Redis of its own. */
export async function startStoreApp(environment: Record<string, string> = {}) {
	const database = await createTestDatabase(migrations);
	const redisServer = await startTestRedis();
	const redis = connectRedis(redisServer.url, { name: 'test', failFast: true });
	const egress = createEgress({ allow: ['127.0.0.1'] });
	const folder = await mkdtemp(path.join(tmpdir(), 'autopilot-store-'));
	const storage = localStorage(folder);
	const config = parseConfig(configSchema, {
		PORT: '0',
		PUBLIC_URL: 'http://127.0.0.1',
		DATABASE_URL: database.url,
		REDIS_URL: redisServer.url,
		SIGNING_SECRET: 'test'.repeat(8),
		RATE_LIMIT_PER_MINUTE: '100000',
		...environment,
	});
	const logger = createLogger('store', 'silent');
	const app = await buildApp({ config, db: database.db, redis, egress, storage, logger });
	const { key } = await createApiKey(database.db, { name: 'test', scopes: ['*'] });
	return {
		app,
		config,
		key,
		db: database.db,
		async call(
			method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
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
			return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() };
		},
		/** The text of an answer that is no JSON. */
		async csv(url: string) {
			const headers = { authorization: `Bearer ${key}` };
			return (await app.inject({ method: 'GET', url, headers })).body;
		},
		async close() {
			await app.close();
			await egress.close();
			redis.disconnect();
			await redisServer.stop();
			await database.drop();
			await rm(folder, { recursive: true, force: true });
		},
	};
}
