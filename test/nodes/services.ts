import { createEgress } from '@autopilot/egress';
import { connectRedis, createLogger, parseConfig } from '@autopilot/http';
import { createTestDatabase, startTestRedis } from '@autopilot/postgres/testing';
import { localStorage } from '@autopilot/storage';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as marketing from '../../services/marketing-suite/src/app.ts';
import { configSchema as marketingConfig } from '../../services/marketing-suite/src/config.ts';
import { createCompiler } from '../../services/marketing-suite/src/templates/compiler.ts';
import * as researchBot from '../../services/research-bot/src/app.ts';
import { configSchema as researchConfig } from '../../services/research-bot/src/config.ts';
import * as store from '../../services/store/src/app.ts';
import { configSchema as storeConfig } from '../../services/store/src/config.ts';
import { migrations as storeMigrations } from '../../services/store/src/migrations.ts';
import * as videoFactory from '../../services/video-factory/src/app.ts';
import { configSchema as videoConfig } from '../../services/video-factory/src/config.ts';

/** The part of an OpenAPI 3.1 document that a call can be compared with. */
export interface OpenApi {
	paths: Record<string, Record<string, OpenApiOperation | undefined> | undefined>;
}

export interface OpenApiOperation {
	parameters?: { name: string; in: string; required?: boolean }[];
	requestBody?: {
		required?: boolean;
		content: Record<string, { schema?: Record<string, unknown> } | undefined>;
	};
}

/** Asks each service for its OpenAPI document; node type -> document. */
export async function openApiOfServices(): Promise<Record<string, OpenApi>> {
	const folder = await mkdtemp(join(tmpdir(), 'autopilot-openapi-'));
	const database = await createTestDatabase(storeMigrations);
	const redisServer = await startTestRedis();
	const redis = connectRedis(redisServer.url, { name: 'test', failFast: true });
	const egress = createEgress({ allow: [] });
	const compiler = createCompiler();
	const environment = {
		PORT: '0',
		PUBLIC_URL: 'http://127.0.0.1',
		DATABASE_URL: database.url,
		REDIS_URL: redisServer.url,
		SIGNING_SECRET: 'test'.repeat(8),
		STORAGE_DIR: folder,
	};
	const parts = {
		db: database.db,
		redis,
		egress,
		storage: localStorage(folder),
		compiler,
		voice: { voices: async () => [] },
		logger: createLogger('test', 'silent'),
	};
	const apps = {
		store: await store.buildApp({ ...parts, config: parseConfig(storeConfig, environment) }),
		marketingSuite: await marketing.buildApp({
			...parts,
			config: parseConfig(marketingConfig, environment),
		}),
		researchBot: await researchBot.buildApp({
			...parts,
			config: parseConfig(researchConfig, environment),
		}),
		videoFactory: await videoFactory.buildApp({
			...parts,
			config: parseConfig(videoConfig, environment),
		}),
	};
	try {
		const documents: Record<string, OpenApi> = {};
		for (const [node, app] of Object.entries(apps)) {
			documents[node] = (await app.inject({ url: '/openapi.json' })).json();
		}
		return documents;
	} finally {
		for (const app of Object.values(apps)) await app.close();
		await compiler.close();
		await egress.close();
		redis.disconnect();
		await redisServer.stop();
		await database.drop();
		await rm(folder, { recursive: true, force: true });
	}
}
