import { setTimeout as delay } from 'node:timers/promises';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { PRODUCT_PATH } from './product.ts';
import { productPage } from './product-page.ts';
import { CLOSED_TO_ROBOTS, SHOPS } from './shops/index.ts';
import type { Page } from './shops/shop.ts';

const MEDIA = join(import.meta.dirname, '..', 'media');

const CONTENT_TYPES: Record<Page['type'], string> = {
	html: 'text/html; charset=utf-8',
	svg: 'image/svg+xml',
	json: 'application/json; charset=utf-8',
};

const ROBOTS = `User-agent: *\n${CLOSED_TO_ROBOTS.map((shop) => `Disallow: /shops/${shop.name}/\n`).join('')}Allow: /\n`;

const INDEX = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sample world</title>
<style>body{font:17px/1.7 Inter,Arial,sans-serif;max-width:640px;margin:60px auto;padding:0 20px;color:#222}a{color:#2f5d4c}</style>
<h1>Sample world</h1><p>Shops that exist nowhere else, for demo and tests of Autopilot.</p>
<ul><li><a href="${PRODUCT_PATH}">Ember One</a>, the sample product</li>${SHOPS.map(
	(shop) => `<li><a href="/shops/${shop.name}${shop.productPath}">${shop.title}</a></li>`,
).join('')}</ul></html>`;

export type SampleWorldOptions = {
	/** 0 takes a free port. */
	port: number;
	/** Default 127.0.0.1. */
	host?: string;
	/** How long the slow shop takes to answer, in milliseconds. Default 2500. */
	slowMs?: number;
};

function pageRoutes(app: FastifyInstance, slowMs: number): void {
	for (const shop of SHOPS) {
		for (const page of shop.pages) {
			app.get(`/shops/${shop.name}${page.path}`, async (_request, reply) => {
				if (page.slow) await delay(slowMs);
				return reply
					.code(page.status ?? 200)
					.type(CONTENT_TYPES[page.type])
					.send(page.body);
			});
		}
	}
}

async function mediaRoutes(app: FastifyInstance): Promise<void> {
	for (const file of await readdir(MEDIA)) {
		const bytes = await readFile(join(MEDIA, file));
		app.get(`/media/${file}`, (_request, reply) =>
			reply.type('image/jpeg').header('cache-control', 'public, max-age=3600').send(bytes),
		);
	}
}

/**
 * Starts the little internet that demo and tests research: competitor shops under /shops/<name>/,
 * /robots.txt, the sample product's page and its pictures under /media/.
 *
 * @returns its base URL and `close()`, which also drops open connections
 * @throws the listen error (EADDRINUSE ...) when the port can't be had
 */
export async function startSampleWorld({
	port,
	host = '127.0.0.1',
	slowMs = 2500,
}: SampleWorldOptions): Promise<{ url: string; close(): Promise<void> }> {
	const app = Fastify({ forceCloseConnections: true });
	app.get('/', (_request, reply) => reply.type(CONTENT_TYPES.html).send(INDEX));
	app.get('/healthz', () => ({ status: 'ok' }));
	app.get('/robots.txt', (_request, reply) => reply.type('text/plain').send(ROBOTS));
	app.get(PRODUCT_PATH, (request, reply) =>
		reply.type(CONTENT_TYPES.html).send(productPage(`${request.protocol}://${request.host}`)),
	);
	pageRoutes(app, slowMs);
	await mediaRoutes(app);
	const url = await app.listen({ port, host });
	return { url, close: () => app.close() };
}
