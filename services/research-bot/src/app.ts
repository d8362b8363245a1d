import type { App } from '@autopilot/http';
import { registerJobRoutes } from '@autopilot/jobs';
import { type ApiParts, createServiceApp } from '@autopilot/service';
import type { Storage } from '@autopilot/storage';
import type { Config } from './config.ts';
import { eventTypes } from './event-types.ts';
import { migrations } from './migrations.ts';
import { scrapeRoutes } from './scrapes/routes.ts';

export interface AppParts extends ApiParts {
	config: Config;
	storage: Storage;
}

/** The research bot's API. */
export function buildApp(parts: AppParts): Promise<App> {
	const { db, storage } = parts;
	const about = {
		name: 'research-bot',
		description:
			'Products, prices, reviews and own fields, read from web pages with their evidence.',
		migrations,
		eventTypes,
	};
	return createServiceApp(parts, about, (app, command) => {
		scrapeRoutes(app, { db, command, storage });
		registerJobRoutes(app, { db, command });
	});
}
