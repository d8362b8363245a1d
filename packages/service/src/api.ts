import { createEgress } from '@autopilot/egress';
import { registerDeliveryRoutes, registerWebhookEndpointRoutes } from '@autopilot/events';
import {
	type App,
	type Command,
	commandRunner,
	connectRedis,
	createApiKey,
	createApp,
	createLogger,
	deleteExpiredKeys,
	edgeOf,
	type Redis,
	runProcess,
} from '@autopilot/http';
import { connect, migrate } from '@autopilot/postgres';
import type { Service, ServiceConfig, ServiceParts } from './parts.ts';

/** What the API process of a service works with. */
export interface ApiParts extends ServiceParts {
	redis: Redis;
}

const CLEANING_MS = 3_600_000;

/**
 * Runs the API process of a service until it is told to stop: applies the migrations, makes the bootstrap key, listens.
 * @param build  makes the app of what is open, and says what of its own is to be closed after it
 */
export async function runApi(
	{ name, config, migrations }: Service,
	build: (parts: ApiParts) => Promise<{ app: App; close?: () => Promise<void> }>,
): Promise<void> {
	const logger = createLogger(name, config.LOG_LEVEL);
	await runProcess(logger, async () => {
		const db = connect(config.DATABASE_URL, { name });
		const redis = connectRedis(config.REDIS_URL, { name, failFast: true });
		const egress = createEgress({ allow: config.EGRESS_ALLOW });
		await migrate(db, migrations);
		if (config.API_KEY !== undefined) {
			await createApiKey(db, { name: 'bootstrap', scopes: ['*'], key: config.API_KEY });
		}
		const { app, close } = await build({ db, redis, egress, logger });
		await app.listen({ host: config.HOST, port: config.PORT });
		const cleaning = setInterval(() => void deleteExpiredKeys(db), CLEANING_MS);
		return async () => {
			clearInterval(cleaning);
			await app.close();
			await close?.();
			await egress.close();
			redis.disconnect();
			await db.close();
		};
	});
}

/**
 * A service's API: what `createApp` gives to every route, the routes of its own, and those for whoever follows its
 * events.
 * @param register  registers the routes of its own
 */
export async function createServiceApp(
	{ config, db, redis, egress, logger }: ApiParts & { config: ServiceConfig },
	about: Omit<Service, 'config'> & { description: string; eventTypes: readonly string[] },
	register: (app: App, command: Command) => void,
): Promise<App> {
	const { name, description, migrations, eventTypes } = about;
	const app = await createApp({
		...{ name, description, migrations, db, redis, logger },
		url: config.PUBLIC_URL,
		rateLimitPerMinute: config.RATE_LIMIT_PER_MINUTE,
		...edgeOf(config),
	});
	const command = commandRunner(db);
	register(app, command);
	registerWebhookEndpointRoutes(app, { db, command, egress, eventTypes });
	registerDeliveryRoutes(app, { db, command });
	return app;
}
