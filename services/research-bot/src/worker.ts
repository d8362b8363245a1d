import { connectRedis, parseConfig } from '@autopilot/http';
import { startJobWorker } from '@autopilot/jobs';
import { runWorker } from '@autopilot/service';
import { openStorage } from '@autopilot/storage';
import { configSchema } from './config.ts';
import { migrations } from './migrations.ts';
import { openReader } from './pages/open-reader.ts';
import { scrapeHandler } from './scrapes/jobs.ts';

/** Scrapes under way at once. Each mostly waits: for its hosts, or for a page of the browser. */
const CONCURRENCY = 4;

const config = parseConfig(configSchema, process.env);

await runWorker({ name: 'research-bot', config, migrations }, async ({ db, logger }) => {
	const redis = connectRedis(config.REDIS_URL, { name: 'research-bot worker' });
	const storage = await openStorage(config);
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
	return {
		checks: { redis: async () => void (await redis.ping()) },
		close: async () => {
			await stopJobs();
			await pages.close();
			redis.disconnect();
		},
	};
});
