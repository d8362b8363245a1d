import { createEgress } from '@autopilot/egress';
import type { Redis } from '@autopilot/http';
import { BrowserFetcher } from '../browser/browser-fetcher.ts';
import { launchChromium } from '../browser/chromium.ts';
import { PagesPool } from '../browser/pages-pool.ts';
import { startPinningProxy } from '../browser/pinning-proxy.ts';
import { HostBudget } from './host-budget.ts';
import { HttpFetcher } from './http-fetcher.ts';
import { PageReader } from './page-reader.ts';
import { RendererMemory } from './renderer-memory.ts';
import { Robots } from './robots.ts';

export interface ReaderSettings {
	redis: Redis;
	/** What the operator opens beyond the public Internet. */
	egressAllow: readonly string[];
	userAgent: string;
	perHostDelayMs: number;
	perHostConcurrency: number;
	chromiumPath: string;
	chromiumSandbox: boolean;
	browserPages: number;
	limits?: Partial<ReaderLimits>;
}

export interface ReaderLimits {
	/** Of one plain request. */
	timeoutMs: number;
	navigationMs: number;
	/** How long a rendered page may take to show something useful. */
	readyMs: number;
	maxBytes: number;
	maxRetryAfterMs: number;
	browserIdleMs: number;
}

const defaults: ReaderLimits = {
	timeoutMs: 15_000,
	navigationMs: 20_000,
	readyMs: 6_000,
	maxBytes: 8 * 1024 * 1024,
	maxRetryAfterMs: 60_000,
	browserIdleMs: 120_000,
};

export interface OpenReader {
	reader: PageReader;
	/** Ends browser, proxy and connections. */
	close(): Promise<void>;
}

/** Wires everything a page is read with. The browser starts with the first page that needs it. */
export async function openReader(settings: ReaderSettings): Promise<OpenReader> {
	const limits = { ...defaults, ...settings.limits };
	const { redis, userAgent } = settings;
	const egress = createEgress({ allow: settings.egressAllow, userAgent });
	const proxy = await startPinningProxy(egress, { maxBytes: 4 * limits.maxBytes, idleMs: 30_000 });
	const robots = new Robots(egress, redis, userAgent);
	const budget = new HostBudget(redis, {
		delayMs: settings.perHostDelayMs,
		concurrency: settings.perHostConcurrency,
	});
	const pool = (pictures: boolean) =>
		new PagesPool({
			launch: () =>
				launchChromium({
					executablePath: settings.chromiumPath,
					sandbox: settings.chromiumSandbox,
					proxyUrl: proxy.url,
					pictures,
				}),
			userAgent,
			pages: settings.browserPages,
			// A picture shows more of a page; what nobody sees is cheaper small.
			viewport: { width: 1280, height: pictures ? 1600 : 800 },
			idleMs: limits.browserIdleMs,
		});
	const pools = { pool: pool(false), picturePool: pool(true) };
	const reader = new PageReader({
		http: new HttpFetcher(egress, robots, budget, limits),
		browser: new BrowserFetcher({ egress, robots, budget, ...pools, proxy, limits }),
		memory: new RendererMemory(redis),
	});
	return {
		reader,
		async close() {
			await pools.pool.close();
			await pools.picturePool.close();
			await proxy.close();
			await egress.close();
		},
	};
}
