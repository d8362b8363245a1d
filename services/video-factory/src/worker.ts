import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { connectRedis, parseConfig } from '@autopilot/http';
import { startJobWorker } from '@autopilot/jobs';
import { runWorker } from '@autopilot/service';
import { linkSigner, openStorage } from '@autopilot/storage';
import { configSchema } from './config.ts';
import { migrations } from './migrations.ts';
import { openStudio } from './studio.ts';
import { removeAbandoned, videoJobs } from './videos/jobs.ts';

const config = parseConfig(configSchema, process.env);

await runWorker({ name: 'video-factory', config, migrations }, async ({ db, egress, logger }) => {
	const redis = connectRedis(config.REDIS_URL, { name: 'video-factory worker' });
	const storage = await openStorage(config);
	const workFolder = join(config.STORAGE_DIR, 'work', 'videos');
	const cacheFolder = join(config.STORAGE_DIR, 'work', 'segments');
	await mkdir(cacheFolder, { recursive: true });
	await removeAbandoned(workFolder);
	const studio = await openStudio({ config, egress, storage, cacheFolder, logger });
	const stopJobs = await startJobWorker({
		db,
		redis,
		logger,
		queue: 'video-factory',
		// One video at a time: its segments fill the cores already.
		concurrency: 1,
		handlers: videoJobs({
			...{ db, storage, studio, workFolder },
			links: linkSigner(config.SIGNING_SECRET),
			publicUrl: config.PUBLIC_URL,
			cacheBytes: config.SEGMENT_CACHE_MB * 1024 * 1024,
		}),
	});
	return {
		checks: { ffmpeg: async () => void (await studio.ffmpeg.version()) },
		close: async () => {
			await stopJobs();
			redis.disconnect();
		},
	};
});
