import type { App } from '@autopilot/http';
import { registerJobRoutes } from '@autopilot/jobs';
import { type ApiParts, createServiceApp } from '@autopilot/service';
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

export interface AppParts extends ApiParts {
	config: Config;
	storage: Storage;
	voice: Pick<Voice, 'voices'>;
}

/** The video factory's API. Rendering is the worker's. */
export function buildApp(parts: AppParts): Promise<App> {
	const { config, db, storage } = parts;
	const about = {
		name: 'video-factory',
		description: 'Short product videos with voice, captions and music, made on this machine.',
		migrations,
		eventTypes,
	};
	return createServiceApp(parts, about, (app, command) => {
		const links = linkSigner(config.SIGNING_SECRET);
		const publicUrl = config.PUBLIC_URL;
		const voices = remembered(() => parts.voice.voices());
		const scriptLanguages = config.OPENAI_API_KEY === undefined ? offlineLanguages() : undefined;
		downloadRoutes(app, { db, storage, links });
		videoRoutes(app, { db, command, links, publicUrl, voices, scriptLanguages });
		voiceRoutes(app, { voices });
		imageRoutes(app, { storage, links, publicUrl });
		registerJobRoutes(app, { db, command });
	});
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
