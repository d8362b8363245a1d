import { createEgress } from '@autopilot/egress';
import { connectRedis } from '@autopilot/http';
import { BrowserFetcher } from '../../src/browser/browser-fetcher.ts';
import { launchChromium } from '../../src/browser/chromium.ts';
import { PagesPool } from '../../src/browser/pages-pool.ts';
import { startPinningProxy } from '../../src/browser/pinning-proxy.ts';
import { HostBudget } from '../../src/pages/host-budget.ts';
import { Robots } from '../../src/pages/robots.ts';
import { chromiumPath } from '../reading.ts';

/** A process that opens one page in the browser: `read-one.ts REDIS_URL PAGE_URL ALLOWED_HOST`. */
const [redisUrl = '', url = '', allowed = ''] = process.argv.slice(2);
const redis = connectRedis(redisUrl, { name: 'read-one' });
const egress = createEgress({ allow: [allowed] });
const proxy = await startPinningProxy(egress, { maxBytes: 1e6, idleMs: 60_000 });
process.stdout.write(`proxy=${proxy.url}\n`);
const pool = new PagesPool({
	launch: () =>
		launchChromium({
			executablePath: chromiumPath,
			sandbox: process.getuid?.() !== 0,
			proxyUrl: proxy.url,
			pictures: false,
		}),
	userAgent: 'TestBot/1.0',
	pages: 1,
	viewport: { width: 1280, height: 800 },
	idleMs: 60_000,
});
const fetcher = new BrowserFetcher({
	egress,
	robots: new Robots(egress, redis, 'TestBot/1.0'),
	budget: new HostBudget(redis, { delayMs: 0, concurrency: 1 }),
	pool,
	picturePool: pool,
	proxy,
	limits: { navigationMs: 60_000, readyMs: 1_000, maxBytes: 1e6, maxRetryAfterMs: 1_000 },
});
await fetcher.fetch(
	url,
	{
		respectRobots: false,
		signal: new AbortController().signal,
		screenshot: false,
		selectors: [],
		reviews: false,
	},
	{ ms: 0 },
);
