import { connectRedis } from '@autopilot/http';
import { startTestRedis } from '@autopilot/postgres/testing';
import { openReader } from '../src/pages/open-reader.ts';
import type { ReaderSettings } from '../src/pages/open-reader.ts';
import type { ReadRequest } from '../src/pages/page-reader.ts';

export const chromiumPath = '/usr/bin/chromium-headless-shell';

/** A reader over a Redis of its own, as quick as tests want it. */
export async function testReader(settings: Partial<ReaderSettings> & { egressAllow: string[] }) {
	const server = await startTestRedis();
	const redis = connectRedis(server.url, { name: 'test' });
	const open = await openReader({
		redis,
		userAgent: 'Mozilla/5.0 (compatible; TestBot/1.0; +https://test.example/bot)',
		perHostDelayMs: 0,
		perHostConcurrency: 8,
		chromiumPath,
		chromiumSandbox: process.getuid?.() !== 0,
		browserPages: 2,
		...settings,
	});
	return {
		redis,
		read: (url: string, request: Partial<ReadRequest> = {}) =>
			open.reader.read(url, {
				extract: 'product',
				fields: [],
				maxReviews: 50,
				render: 'auto',
				screenshot: false,
				respectRobots: true,
				signal: AbortSignal.timeout(90_000),
				...request,
			}),
		async close() {
			await open.close();
			redis.disconnect();
			await server.stop();
		},
	};
}
