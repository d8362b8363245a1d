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
import { campaignRoutes } from './campaigns/routes.ts';
import type { Config } from './config.ts';
import { contactRoutes } from './contacts/routes.ts';
import { eventTypes } from './event-types.ts';
import { listRoutes } from './lists/routes.ts';
import { mailRoutes } from './mails/routes.ts';
import { migrations } from './migrations.ts';
import { suppressionRoutes } from './suppressions/routes.ts';
import type { Compiler } from './templates/compiler.ts';
import { templateRoutes } from './templates/routes.ts';
import { trackingRoutes } from './tracking/routes.ts';
import { createTokens } from './tracking/tokens.ts';

export interface AppParts {
	config: Config;
	db: Database;
	redis: Redis;
	egress: Egress;
	compiler: Compiler;
	logger: Logger;
}

/** The marketing suite's API. */
export async function buildApp(parts: AppParts): Promise<App> {
	const { config, db, redis, egress, compiler, logger } = parts;
	const app = await createApp({
		name: 'marketing-suite',
		description:
			'Lists, contacts with their consent, templates, campaigns, and what became of them.',
		url: config.PUBLIC_URL,
		db,
		redis,
		logger,
		migrations,
		rateLimitPerMinute: config.RATE_LIMIT_PER_MINUTE,
		...edgeOf(config),
	});
	const command = commandRunner(db);
	listRoutes(app, { db, command });
	contactRoutes(app, { db, command });
	suppressionRoutes(app, { db, command });
	templateRoutes(app, { db, command, compiler });
	campaignRoutes(app, { db, command, compiler });
	mailRoutes(app, { db, command, compiler });
	trackingRoutes(app, {
		db,
		tokens: createTokens(config.SIGNING_SECRET),
		storeUrl: config.STORE_URL,
	});
	registerJobRoutes(app, { db, command });
	registerWebhookEndpointRoutes(app, { db, command, egress, eventTypes });
	registerDeliveryRoutes(app, { db, command });
	return app;
}
