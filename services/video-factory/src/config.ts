import { availableParallelism } from 'node:os';
import { serviceEnvironment } from '@autopilot/http';
import { storageEnvironment } from '@autopilot/storage';
import { z } from 'zod';

export const configSchema = z.object({
	...serviceEnvironment,
	...storageEnvironment,
	/** When set, scripts are written by a model; without it by the offline writer. */
	OPENAI_API_KEY: z.string().min(1).optional(),
	/** Of anything that speaks OpenAI's chat completions. */
	OPENAI_BASE_URL: z.url().optional(),
	OPENAI_MODEL: z.string().min(1).default('gpt-4o-mini'),
	FFMPEG_PATH: z.string().min(1).default('ffmpeg'),
	FFPROBE_PATH: z.string().min(1).default('ffprobe'),
	/** Segments rendered at once, one thread each; as many as there are cores by default. */
	RENDER_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(availableParallelism()),
	/** What rendered segments may take on the disk of a worker. */
	SEGMENT_CACHE_MB: z.coerce.number().int().min(64).default(2048),
});
export type Config = z.output<typeof configSchema>;
