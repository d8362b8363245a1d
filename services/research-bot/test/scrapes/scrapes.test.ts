import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { createEgress } from '@autopilot/egress';
import { secretOf, startDeliveryWorker, verify } from '@autopilot/events';
import { connectRedis, createLogger } from '@autopilot/http';
import { startJobWorker } from '@autopilot/jobs';
import { until } from '@autopilot/postgres/testing';
import { openReader } from '../../src/pages/open-reader.ts';
import { scrapeHandler } from '../../src/scrapes/jobs.ts';
import type { Scrape } from '../../src/scrapes/schema.ts';
import { chromiumPath } from '../reading.ts';
import { startResearchApp } from '../research-app.ts';
import type { ResearchApp } from '../research-app.ts';
import { html, jsonLdPage, page, startShop } from '../shop.ts';
import type { Shop } from '../shop.ts';

const SCRAPES = '/api/v1/scrapes';
let research: ResearchApp;
let shop: Shop;
const closing: (() => Promise<unknown>)[] = [];
const received: { headers: Record<string, string>; body: string }[] = [];

beforeAll(async () => {
	shop = await startShop({
		'/a': jsonLdPage('10.00'),
		'/b': jsonLdPage('20.00'),
		'/c': jsonLdPage('60.00'),
		'/usd': jsonLdPage('5.00').replace('EUR', 'USD'),
		'/spa': page(
			`<div id="root"></div><script>root.innerHTML = '<main><h1>Mug</h1><p class="price">€49.99</p></main>'</script>`,
		),
		'/gone': html('gone', 410),
		'/secret': jsonLdPage(),
		'/robots.txt': 'User-agent: *\nDisallow: /secret\n',
		'/hang': () => undefined,
		'/reviews': page(
			'',
			`<script type="application/ld+json">${JSON.stringify({ '@type': 'Product', name: 'Mug', review: { '@type': 'Review', author: 'Ann', reviewRating: { ratingValue: 4 }, reviewBody: 'Good' } })}</script>`,
		),
		'/callback': (request, response) => {
			let body = '';
			request.on('data', (chunk: Buffer) => (body += chunk.toString()));
			request.on('end', () => {
				received.push({ headers: request.headers as Record<string, string>, body });
				response.end();
			});
		},
	});
	research = await startResearchApp();
	const redis = connectRedis(research.redisUrl, { name: 'test worker' });
	const logger = createLogger('worker', 'silent');
	const egress = createEgress({ allow: ['127.0.0.1'] });
	const pages = await openReader({
		redis,
		egressAllow: [shop.host],
		userAgent: 'TestBot/1.0',
		perHostDelayMs: 0,
		perHostConcurrency: 8,
		chromiumPath,
		chromiumSandbox: process.getuid?.() !== 0,
		browserPages: 2,
	});
	const stopJobs = await startJobWorker({
		db: research.db,
		redis,
		logger,
		queue: 'research-bot',
		concurrency: 3,
		handlers: [
			scrapeHandler({
				db: research.db,
				storage: research.storage,
				reader: pages.reader,
				publicUrl: 'http://research.test',
			}),
		],
	});
	const stopDeliveries = await startDeliveryWorker({ db: research.db, egress, logger });
	closing.push(stopJobs, pages.close, stopDeliveries, egress.close, async () => redis.disconnect());
});

afterAll(async () => {
	for (const close of closing) await close();
	await research.close();
	await shop.close();
});

async function create(paths: string[], more: object = {}): Promise<Scrape> {
	const urls = paths.map((path) => (path.startsWith('/') ? shop.url + path : path));
	const { status, body } = await research.call('POST', SCRAPES, { urls, ...more });
	expect(status).toBe(202);
	return body;
}

async function ended(id: string): Promise<Scrape> {
	return await until(async () => {
		const { body } = await research.call('GET', `${SCRAPES}/${id}`);
		return body.finishedAt !== null && body;
	});
}

describe('a scrape', () => {
	it('is queued, then answers with one result per URL, in their order', async () => {
		const queued = await create(['/b', '/spa', '/gone', '/secret', 'http://10.0.0.1/x']);
		expect(queued).toMatchObject({ status: 'queued', results: [], summary: { count: 0 } });
		const scrape = await ended(queued.id);
		expect(scrape).toMatchObject({
			status: 'succeeded',
			jobId: queued.jobId,
			progress: { percent: 100, step: 'done' },
			options: { extract: 'product', render: 'auto', respectRobots: true },
			error: null,
		});
		expect(
			scrape.results.map(({ index, status, renderedBy, diagnosis }) => [
				index,
				status,
				renderedBy,
				diagnosis?.code,
			]),
		).toEqual([
			[0, 'ok', 'http', undefined],
			[1, 'ok', 'browser', undefined],
			[2, 'failed', 'http', 'http_error'],
			[3, 'failed', null, 'robots_disallowed'],
			[4, 'failed', null, 'egress_denied'],
		]);
		expect(scrape.results[0]).toMatchObject({
			url: `${shop.url}/b`,
			httpStatus: 200,
			product: { name: 'Mug', price: { decimal: '20.00', amount: 2000, currency: 'EUR' } },
			evidence: { price: { source: 'json-ld', path: 'Product.offers.price', raw: '20.00' } },
		});
	});

	it('sums its prices up in the most frequent currency', async () => {
		const { id } = await create(['/c', '/a', '/usd', '/b']);
		expect((await ended(id)).summary).toEqual({
			currency: 'EUR',
			lowest: 1000,
			median: 2000,
			highest: 6000,
			count: 3,
		});
	});

	it('reads reviews and own fields', async () => {
		const { id } = await create(['/reviews'], {
			extract: 'reviews',
			fields: [{ name: 'heading', selector: 'title', attribute: '' }],
		});
		expect((await ended(id)).results[0]).toMatchObject({
			status: 'ok',
			reviews: [{ author: 'Ann', rating: 4, body: 'Good', source: 'json-ld' }],
			fields: { heading: 'Mug' },
			evidence: { 'fields.heading': { path: 'title', raw: 'Mug' } },
		});
	});

	it('fails when no page could be read, and tells why in a word', async () => {
		const { id, jobId } = await create(['/gone', '/secret']);
		expect(await ended(id)).toMatchObject({ status: 'failed', error: { code: 'nothing_read' } });
		const { body } = await research.call('GET', `/api/v1/jobs/${jobId}`);
		expect(body).toMatchObject({ state: 'failed', attempts: 1 });
		expect(body.error.message).toMatch(
			/http_error.*robots_disallowed|robots_disallowed.*http_error/,
		);
	});

	it('can be run again after it failed', async () => {
		const { id, jobId } = await create(['/gone']);
		await ended(id);
		const before = shop.paths.filter((path) => path === '/gone').length;
		expect((await research.call('POST', `/api/v1/jobs/${jobId}/retry`)).status).toBe(202);
		await until(() => shop.paths.filter((path) => path === '/gone').length > before);
		expect((await ended(id)).results).toHaveLength(1);
	});

	it('is made once for one Idempotency-Key', async () => {
		const headers = { 'idempotency-key': 'scrape-1' };
		const input = { urls: [`${shop.url}/a`] };
		const first = await research.call('POST', SCRAPES, input, headers);
		const again = await research.call('POST', SCRAPES, input, headers);
		expect(again.body).toEqual(first.body);
		expect(
			(await research.call('POST', SCRAPES, { urls: ['https://x.example'] }, headers)).status,
		).toBe(422);
	});

	it('gives its picture to who has a key', async () => {
		const { id } = await create(['/a', '/b'], { screenshot: true });
		const { results } = await ended(id);
		const path = `${SCRAPES}/${id}/results/1/screenshot`;
		expect(results[1]?.screenshot).toBe(`http://research.test${path}`);
		const picture = await research.call('GET', path);
		expect(picture.headers['content-type']).toBe('image/jpeg');
		expect(picture.bytes.subarray(0, 3).toString('hex')).toBe('ffd8ff');
		expect((await research.app.inject({ url: path })).statusCode).toBe(401);
		const missing = await research.call('GET', `${SCRAPES}/${id}/results/7/screenshot`);
		expect(missing.status).toBe(404);
	});

	it('tells scrape.succeeded or scrape.failed with all of it', async () => {
		const good = await ended((await create(['/a'])).id);
		const bad = await ended((await create(['/gone'])).id);
		const { rows } = await research.db.query<{ type: string; aggregate_id: string; data: Scrape }>(
			'SELECT type, aggregate_id, data FROM outbox WHERE aggregate_id = ANY($1)',
			[[good.id, bad.id]],
		);
		const of = (id: string) => rows.filter((row) => row.aggregate_id === id);
		expect(of(good.id)).toMatchObject([
			{ type: 'scrape.succeeded', data: { results: good.results } },
		]);
		expect(of(bad.id)).toMatchObject([{ type: 'scrape.failed', data: { status: 'failed' } }]);
	});

	it('calls back once, signed, when its job has ended', async () => {
		const url = `${shop.url}/callback?token=1`;
		const { jobId } = await create(['/a'], { callback: { url } });
		await until(() => received.length > 0);
		const { headers, body } = received[0] ?? { headers: {}, body: '{}' };
		expect(JSON.parse(body)).toMatchObject({
			type: 'jobs.finished',
			data: { jobs: [{ id: jobId, state: 'succeeded', result: { ok: 1, partial: 0, failed: 0 } }] },
		});
		const secret = secretOf(createHash('sha256').update(research.key).digest());
		expect(verify(headers, body, secret)).toBe(true);
	});
});

describe('cancelling', () => {
	it('stops a scrape in the middle and keeps what is known', async () => {
		const { id } = await create(['/a', '/hang', '/hang']);
		await until(
			async () => (await research.call('GET', `${SCRAPES}/${id}`)).body.results.length === 1,
		);
		expect((await research.call('POST', `${SCRAPES}/${id}/cancel`)).status).toBe(202);
		const scrape = await ended(id);
		expect(scrape.status).toBe('cancelled');
		expect(scrape.results.map(({ index }) => index)).toEqual([0]);
	});

	it('is refused for one that has ended', async () => {
		const { id } = await create(['/a']);
		await ended(id);
		const { status, body } = await research.call('POST', `${SCRAPES}/${id}/cancel`);
		expect([status, body.code]).toEqual([409, 'job_ended']);
	});
});

describe('the list', () => {
	it('pages from the newest on, without results, and filters by state', async () => {
		const ids = [];
		for (const path of ['/a', '/b', '/c']) ids.unshift((await create([path])).id);
		await Promise.all(ids.map(ended));
		const first = (await research.call('GET', `${SCRAPES}?limit=2`)).body;
		expect(first.data.map(({ id }: Scrape) => id)).toEqual(ids.slice(0, 2));
		expect(first.data[0]).not.toHaveProperty('results');
		expect(first.data[0].summary.count).toBe(1);
		const next = (await research.call('GET', `${SCRAPES}?limit=1&cursor=${first.nextCursor}`)).body;
		expect(next.data[0].id).toBe(ids[2]);
		const cancelled = (await research.call('GET', `${SCRAPES}?status=cancelled`)).body;
		expect(cancelled.data.map(({ status }: Scrape) => status)).toEqual(['cancelled']);
	});
});

describe('bad input', () => {
	it.each([
		['no URL', { urls: [] }, '/urls'],
		['too many', { urls: Array.from({ length: 101 }, () => 'https://x.example') }, '/urls'],
		['no address', { urls: ['mug'] }, '/urls/0'],
		['another scheme', { urls: ['file:///etc/passwd'] }, '/urls/0'],
		['an unknown thing to extract', { extract: 'everything' }, '/extract'],
		['a broken selector', { fields: [{ name: 'x', selector: 'h1[' }] }, '/fields/0/selector'],
		['HTML for a selector', { fields: [{ name: 'x', selector: '<b>' }] }, '/fields/0/selector'],
		[
			'two fields of one name',
			{
				fields: [
					{ name: 'x', selector: 'a' },
					{ name: 'x', selector: 'b' },
				],
			},
			'/fields',
		],
		['a name that is none', { fields: [{ name: '1 x', selector: 'a' }] }, '/fields/0/name'],
		['a locale that is none', { locale: 'deutsch!' }, '/locale'],
		['a call-back without address', { callback: { count: 1 } }, '/callback/url'],
	])('is refused and pointed to: %s', async (_name, more, pointer) => {
		const { status, body } = await research.call('POST', SCRAPES, {
			urls: ['https://x.example'],
			...more,
		});
		expect([status, body.errors[0].pointer]).toEqual([400, pointer]);
	});

	it('is an id that nobody has', async () => {
		const { status, body } = await research.call(
			'GET',
			`${SCRAPES}/0199a000-0000-7000-8000-000000000000`,
		);
		expect([status, body.code]).toEqual([404, 'scrape_not_found']);
	});

	it('is a caller without key', async () => {
		expect((await research.app.inject({ url: SCRAPES })).statusCode).toBe(401);
	});
});
