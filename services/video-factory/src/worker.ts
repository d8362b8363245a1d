import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createEgress } from '@autopilot/egress';
import { startDeliveryWorker } from '@autopilot/events';
import {
	connectRedis,
	createLogger,
	createProbeApp,
	parseConfig,
	runProcess,
} from '@autopilot/http';
import { startJobWorker } from '@autopilot/jobs';
import { connect, waitForMigrations } from '@autopilot/postgres';
import { linkSigner, openStorage } from '@autopilot/storage';
import { migrations } from './migrations.ts';
import { configSchema } from './config.ts';
import { openStudio } from './studio.ts';
import { removeAbandoned, videoJobs } from './videos/jobs.ts';

const config = parseConfig(configSchema, process.env);
const logger = createLogger('video-factory-worker', config.LOG_LEVEL);

await runProcess(logger, async () => {
	const db = connect(config.DATABASE_URL, { name: 'video-factory worker' });
	const redis = connectRedis(config.REDIS_URL, { name: 'video-factory worker' });
	const egress = createEgress({ allow: config.EGRESS_ALLOW });
	const storage = await openStorage(config);
	const workFolder = join(config.STORAGE_DIR, 'work', 'videos');
	const cacheFolder = join(config.STORAGE_DIR, 'work', 'segments');
	await mkdir(cacheFolder, { recursive: true });
	await removeAbandoned(workFolder);
	const studio = await openStudio({ config, egress, storage, cacheFolder, logger });
	await waitForMigrations(db, migrations);
	const stopDeliveries = await startDeliveryWorker({ db, egress, logger });
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
	const probes = createProbeApp({
		name: 'video-factory-worker',
		logger,
		checks: {
			database: async () => void (await db.query('SELECT 1')),
			ffmpeg: async () => void (await studio.ffmpeg.version()),
		},
	});
	await probes.listen({ host: config.HOST, port: config.WORKER_PORT });
	return async () => {
		await Promise.all([stopJobs(), stopDeliveries()]);
		await probes.close();
		await egress.close();
		redis.disconnect();
		await db.close();
	};
});
