import type { Egress } from '@autopilot/egress';
import { registerDeliveryRoutes, registerWebhookEndpointRoutes } from '@autopilot/events';
import {
	type App,
	commandRunner,
	createApp,
	edgeOf,
	type Logger,
	type Redis,
} from '@autopilot/http';
import { registerJobRoutes } from '@autopilot/jobs';
import type { Database } from '@autopilot/postgres';
import type { Storage } from '@autopilot/storage';
import type { Config } from './config.ts';
import { eventTypes } from './event-types.ts';
import { migrations } from './migrations.ts';
import { scrapeRoutes } from './scrapes/routes.ts';

export interface AppParts {
	config: Config;
	db: Database;
	redis: Redis;
	egress: Egress;
	storage: Storage;
	logger: Logger;
}

/** The research bot's API. */
export async function buildApp(parts: AppParts): Promise<App> {
	const { config, db, redis, egress, storage, logger } = parts;
	const app = await createApp({
		name: 'research-bot',
		description:
			'Products, prices, reviews and own fields, read from web pages with their evidence.',
		url: config.PUBLIC_URL,
		db,
		redis,
		logger,
		migrations,
		rateLimitPerMinute: config.RATE_LIMIT_PER_MINUTE,
		...edgeOf(config),
	});
	const command = commandRunner(db);
	scrapeRoutes(app, { db, command, storage });
	registerJobRoutes(app, { db, command });
	registerWebhookEndpointRoutes(app, { db, command, egress, eventTypes });
	registerDeliveryRoutes(app, { db, command });
	return app;
}
