import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connectRedis } from '@autopilot/http';
import { startTestRedis } from '@autopilot/postgres/testing';
import { load } from 'cheerio';
import { chromium } from 'playwright-core';
import { Agent, request } from 'undici';
import { openReader } from './src/pages/open-reader.ts';
import type { PageReader } from './src/pages/page-reader.ts';

interface Figure {
	name: string;
	value: number;
	unit: string;
	/** Measured in the same run: what a peer, or the common way, gets out of this machine. */
	limit: string | null;
	goal: string | null;
	ok: boolean | null;
}

const chromiumPath = '/usr/bin/chromium-headless-shell';
const latencyMs = 30;
const staticPages = 2000;
const staticAtOnce = 32;
const browserPages = 90;
const browserAtOnce = 4;

/**
 * Pages per second through the whole reader (robots.txt, turn at the host in Redis, egress guard,
 * extraction with evidence), static and in the browser, beside what is commonly done, on the same
 * local server: 51 KB product pages after 30 ms.
 */
export async function bench(): Promise<{ name: string; figures: Figure[] }> {
	const { server, url } = await startServer();
	const redisServer = await startTestRedis();
	const redis = connectRedis(redisServer.url, { name: 'bench' });
	const pages = await openReader({
		redis,
		egressAllow: [new URL(url).host],
		userAgent: 'BenchBot/1.0',
		perHostDelayMs: 0,
		perHostConcurrency: 64,
		chromiumPath,
		chromiumSandbox: process.getuid?.() !== 0,
		browserPages: browserAtOnce,
	});
	try {
		await readAll(pages.reader, url, { count: 200, atOnce: staticAtOnce, render: 'http' });
		const fast = await readAll(pages.reader, url, {
			count: staticPages,
			atOnce: staticAtOnce,
			render: 'http',
		});
		const nodeMemory = process.memoryUsage.rss() / 2 ** 20;
		const cheerio = await cheerioWay(url);
		const fresh = await freshContextWay(url);
		await readAll(pages.reader, url, { count: 8, atOnce: browserAtOnce, render: 'browser' });
		const browserRate = await readAll(pages.reader, url, {
			count: browserPages,
			atOnce: browserAtOnce,
			render: 'browser',
		});
		const browserMemory = await chromiumMemory();
		const figure = (
			name: string,
			value: number,
			unit: string,
			rest: Partial<Figure> = {},
		): Figure => ({
			...{ name, value: Number(value.toFixed(1)), unit, limit: null, goal: null, ok: null },
			...rest,
		});
		return {
			name: 'research',
			figures: [
				figure('static pages', fast, 'pages/s', {
					limit: `undici + cheerio: ${cheerio.toFixed(0)}`,
					goal: '>= 300',
					ok: fast >= 300,
				}),
				figure('browser pages', browserRate, 'pages/s', {
					limit: `a fresh context per page: ${fresh.toFixed(1)}`,
					goal: '>= 12',
					ok: browserRate >= 12,
				}),
				figure('memory of the process', nodeMemory, 'MB'),
				figure(`memory of Chromium, ${browserAtOnce} pages`, browserMemory, 'MB PSS'),
			],
		};
	} finally {
		await pages.close();
		redis.disconnect();
		await redisServer.stop();
		server.kill('SIGKILL');
	}
}

async function readAll(
	reader: PageReader,
	url: string,
	{ count, atOnce, render }: { count: number; atOnce: number; render: 'http' | 'browser' },
): Promise<number> {
	const signal = new AbortController().signal;
	return await rate(count, atOnce, async (n) => {
		const reading = await reader.read(`${url}/p/${render}/${n}`, {
			...{ extract: 'product', fields: [], maxReviews: 0, screenshot: false, respectRobots: true },
			render,
			signal,
		});
		if (reading.product.price?.amount !== 4999) throw new Error(JSON.stringify(reading.diagnosis));
	});
}

/** The common way: the whole page into a DOM. */
async function cheerioWay(url: string): Promise<number> {
	const dispatcher = new Agent();
	const result = await rate(staticPages / 2, staticAtOnce, async (n) => {
		const answer = await request(`${url}/p/cheerio/${n}`, { dispatcher });
		const $ = load(await answer.body.text());
		const data: unknown = JSON.parse($('script[type="application/ld+json"]').text());
		if (data === null || $('h1').text() === '') throw new Error('nothing was read');
	});
	await dispatcher.close();
	return result;
}

/** Firecrawl's way: a new context for each page. */
async function freshContextWay(url: string): Promise<number> {
	const browser = await chromium.launch({ executablePath: chromiumPath });
	const result = await rate(browserPages / 2, browserAtOnce, async (n) => {
		const context = await browser.newContext();
		const page = await context.newPage();
		await page.goto(`${url}/p/fresh/${n}`, { waitUntil: 'load' });
		if ((await page.content()).length < 1000) throw new Error('nothing was read');
		await context.close();
	});
	await browser.close();
	return result;
}

async function rate(
	count: number,
	atOnce: number,
	work: (n: number) => Promise<void>,
): Promise<number> {
	let next = 0;
	const startedAt = performance.now();
	const run = async () => {
		while (next < count) await work(next++);
	};
	await Promise.all(Array.from({ length: atOnce }, run));
	return count / ((performance.now() - startedAt) / 1000);
}

/** Proportional set size of all Chromium processes that this one has started, in MB. */
async function chromiumMemory(): Promise<number> {
	const parents = new Map<number, number>();
	for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
		// Processes end while they are listed.
		const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
		parents.set(Number(pid), Number(stat.slice(stat.lastIndexOf(')')).split(' ')[2]));
	}
	const isOurs = (pid: number): boolean => {
		const parent = parents.get(pid) ?? 0;
		return parent === process.pid || (parent > 1 && isOurs(parent));
	};
	let total = 0;
	for (const pid of [...parents.keys()].filter(isOurs)) {
		const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
		if (!line.includes('chromium')) continue;
		const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
		total += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1024;
	}
	return total;
}

/** The server runs as a process of its own, as a shop does. */
async function startServer(): Promise<{ server: ChildProcess; url: string }> {
	const server = spawn(process.execPath, [import.meta.filename, '--serve'], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const url = await new Promise<string>((resolve, reject) => {
		server.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
		server.once('exit', () => reject(new Error('The bench server has ended.')));
	});
	return { server, url };
}

function productPage(): string {
	const data = {
		'@context': 'https://schema.org',
		'@type': 'Product',
		name: 'Mug',
		image: '/img/0.png',
		aggregateRating: { ratingValue: 4.5, reviewCount: 120 },
		offers: {
			'@type': 'Offer',
			price: '49.99',
			priceCurrency: 'EUR',
			availability: 'https://schema.org/InStock',
		},
	};
	// Made up as product pages are: styles and state inline, a long text, reviews, related products.
	const repeat = (count: number, part: (n: number) => string) =>
		Array.from({ length: count }, (_, n) => part(n)).join('\n');
	const styles = repeat(
		110,
		(n) => `.c${n} .title{margin:0 ${n}px;padding:4px;color:#12${n % 10}456;font-weight:600}`,
	);
	const state = JSON.stringify(
		Array.from({ length: 90 }, (_, n) => ({
			id: n,
			sku: `MUG-${n}`,
			color: `glaze ${n}`,
			stock: n % 7,
			warehouse: 'north',
		})),
	);
	const text = repeat(
		45,
		(n) =>
			`<p>${'Turned by hand of clay from the hill, glazed twice and burnt at 1200 degrees. '.repeat(4)}${n}</p>`,
	);
	const reviews = repeat(
		32,
		(n) =>
			`<article class="review"><h4>Review ${n}</h4><p>${'It holds coffee, and keeps it warm. '.repeat(6)}</p><small>Ann, ${n} May</small></article>`,
	);
	const related = repeat(
		60,
		(n) =>
			`<li class="card c${n}"><a href="/p/x/${n}"><img src="/img/${n % 8}.png" alt="Item ${n}" width="200" height="200" loading="lazy"><h3 class="title">Item number ${n}</h3><span class="amount">€${n}.95</span></a></li>`,
	);
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mug | Shop</title><meta property="og:title" content="Mug"><link rel="stylesheet" href="/style.css"><style>${styles}</style><script type="application/ld+json">${JSON.stringify(data)}</script><script>window.shop = ${state}</script><script src="/app.js" defer></script></head><body><main><h1>Mug</h1><p class="price">€49.99</p>${text}</main><section>${reviews}</section><ul>${related}</ul></body></html>`;
}

function serve(): void {
	const page = productPage();
	const server = createServer((incoming, outgoing) => {
		setTimeout(() => {
			const path = incoming.url ?? '';
			if (path.startsWith('/p/')) {
				outgoing.setHeader('content-type', 'text/html; charset=utf-8').end(page);
			} else if (path === '/style.css' || path === '/app.js') {
				outgoing.setHeader('cache-control', 'max-age=600');
				outgoing.setHeader('content-type', path.endsWith('css') ? 'text/css' : 'text/javascript');
				outgoing.end(path.endsWith('css') ? 'li{padding:4px}' : 'document.title += "."');
			} else outgoing.writeHead(404).end();
		}, latencyMs);
	});
	server.listen(0, '127.0.0.1', () => {
		const address = server.address();
		if (address === null || typeof address === 'string') throw new Error('no port');
		process.stdout.write(`http://127.0.0.1:${address.port}\n`);
	});
}

if (process.argv[2] === '--serve') serve();
