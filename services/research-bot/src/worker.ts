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
import { openStorage } from '@autopilot/storage';
import { configSchema } from './config.ts';
import { migrations } from './migrations.ts';
import { openReader } from './pages/open-reader.ts';
import { scrapeHandler } from './scrapes/jobs.ts';

/** Scrapes under way at once. Each mostly waits: for its hosts, or for a page of the browser. */
const CONCURRENCY = 4;

const config = parseConfig(configSchema, process.env);
const logger = createLogger('research-bot-worker', config.LOG_LEVEL);

await runProcess(logger, async () => {
	const db = connect(config.DATABASE_URL, { name: 'research-bot worker' });
	const redis = connectRedis(config.REDIS_URL, { name: 'research-bot worker' });
	const egress = createEgress({ allow: config.EGRESS_ALLOW });
	const storage = await openStorage(config);
	await waitForMigrations(db, migrations);
	const pages = await openReader({
		redis,
		egressAllow: config.EGRESS_ALLOW,
		userAgent: config.USER_AGENT,
		perHostDelayMs: config.PER_HOST_DELAY_MS,
		perHostConcurrency: config.PER_HOST_CONCURRENCY,
		chromiumPath: config.CHROMIUM_PATH,
		chromiumSandbox: config.CHROMIUM_SANDBOX === 'on' && process.getuid?.() !== 0,
		browserPages: config.BROWSER_PAGES,
	});
	const stopJobs = await startJobWorker({
		db,
		redis,
		logger,
		queue: 'research-bot',
		concurrency: CONCURRENCY,
		handlers: [scrapeHandler({ db, storage, reader: pages.reader, publicUrl: config.PUBLIC_URL })],
	});
	const stopDeliveries = await startDeliveryWorker({ db, egress, logger });
	const probes = createProbeApp({
		name: 'research-bot-worker',
		logger,
		checks: {
			database: async () => void (await db.query('SELECT 1')),
			redis: async () => void (await redis.ping()),
		},
	});
	await probes.listen({ host: config.HOST, port: config.WORKER_PORT });
	return async () => {
		await stopJobs();
		await pages.close();
		await stopDeliveries();
		await probes.close();
		await egress.close();
		redis.disconnect();
		await db.close();
	};
});
