import type { App } from '@autopilot/http';
import { registerJobRoutes } from '@autopilot/jobs';
import { type ApiParts, createServiceApp } from '@autopilot/service';
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

export interface AppParts extends ApiParts {
	config: Config;
	compiler: Compiler;
}

/** The marketing suite's API. */
export function buildApp(parts: AppParts): Promise<App> {
	const { config, db, compiler } = parts;
	const about = {
		name: 'marketing-suite',
		description:
			'Lists, contacts with their consent, templates, campaigns, and what became of them.',
		migrations,
		eventTypes,
	};
	return createServiceApp(parts, about, (app, command) => {
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
	});
}
