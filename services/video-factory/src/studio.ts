import type { Egress } from '@autopilot/egress';
import type { Logger } from '@autopilot/http';
import type { Storage } from '@autopilot/storage';
import { createEspeak } from './adapters/espeak.ts';
import { createFfmpeg } from './adapters/ffmpeg.ts';
import { loadFonts } from './adapters/fonts.ts';
import { createOfflineWriter } from './adapters/script-offline.ts';
import type { ScriptWriter } from './adapters/script-writer.ts';
import type { Config } from './config.ts';
import { pictureFetcher } from './images/images.ts';
import { createCache } from './videos/cache.ts';
import type { Studio } from './videos/produce.ts';

/** Everything a video is made with, as the environment names it. */
export async function openStudio(parts: {
	config: Config;
	egress: Egress;
	storage: Storage;
	cacheFolder: string;
	logger: Logger;
}): Promise<Studio> {
	const { config, logger } = parts;
	return {
		ffmpeg: createFfmpeg({ ffmpegPath: config.FFMPEG_PATH, ffprobePath: config.FFPROBE_PATH }),
		fonts: await loadFonts(),
		voice: createEspeak({
			onFallback: (reason) => logger.warn({ reason }, 'word times are estimated'),
		}),
		writer: await openWriter(config),
		fetchPicture: pictureFetcher({ ...parts, publicUrl: config.PUBLIC_URL }),
		cache: createCache(parts.cacheFolder),
		concurrency: config.RENDER_CONCURRENCY,
	};
}

async function openWriter(config: Config): Promise<ScriptWriter> {
	if (config.OPENAI_API_KEY === undefined) return createOfflineWriter();
	// 20 MB that a worker without a key shall not pay for.
	const { createOpenaiWriter, withOfflineFallback } = await import('./adapters/script-openai.ts');
	return withOfflineFallback(
		createOpenaiWriter({
			apiKey: config.OPENAI_API_KEY,
			baseUrl: config.OPENAI_BASE_URL,
			model: config.OPENAI_MODEL,
		}),
	);
}
