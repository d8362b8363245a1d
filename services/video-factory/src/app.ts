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
import { linkSigner, type Storage } from '@autopilot/storage';
import { offlineLanguages } from './adapters/script-offline.ts';
import type { Voice, VoiceInfo } from './adapters/voice.ts';
import type { Config } from './config.ts';
import { imageRoutes } from './images/routes.ts';
import { migrations } from './migrations.ts';
import { downloadRoutes } from './videos/download-routes.ts';
import { videoRoutes } from './videos/routes.ts';
import { eventTypes } from './videos/schema.ts';
import { voiceRoutes } from './voices/routes.ts';

export interface AppParts {
	config: Config;
	db: Database;
	redis: Redis;
	egress: Egress;
	storage: Storage;
	voice: Pick<Voice, 'voices'>;
	logger: Logger;
}

/** The video factory's API. Rendering is the worker's. */
export async function buildApp(parts: AppParts): Promise<App> {
	const { config, db, redis, egress, storage, logger } = parts;
	const app = await createApp({
		name: 'video-factory',
		description: 'Short product videos with voice, captions and music, made on this machine.',
		url: config.PUBLIC_URL,
		db,
		redis,
		logger,
		migrations,
		rateLimitPerMinute: config.RATE_LIMIT_PER_MINUTE,
		...edgeOf(config),
	});
	const command = commandRunner(db);
	const links = linkSigner(config.SIGNING_SECRET);
	const publicUrl = config.PUBLIC_URL;
	const voices = remembered(() => parts.voice.voices());
	const scriptLanguages = config.OPENAI_API_KEY === undefined ? offlineLanguages() : undefined;
	downloadRoutes(app, { db, storage, links });
	videoRoutes(app, { db, command, links, publicUrl, voices, scriptLanguages });
	voiceRoutes(app, { voices });
	imageRoutes(app, { storage, links, publicUrl });
	registerJobRoutes(app, { db, command });
	registerWebhookEndpointRoutes(app, { db, command, egress, eventTypes });
	registerDeliveryRoutes(app, { db, command });
	return app;
}

/** Asked once: the list changes only with the installed packages. A failure is not kept. */
function remembered(list: () => Promise<VoiceInfo[]>): () => Promise<VoiceInfo[]> {
	let known: Promise<VoiceInfo[]> | undefined;
	return () => {
		known ??= list().catch((error: unknown) => {
			known = undefined;
			throw error;
		});
		return known;
	};
}
