import type { App } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { clickedUrl } from './clicked-url.ts';
import { isMachine } from './machines.ts';
import { confirmPage, donePage, testPage, unknownPage } from './page.ts';
import { findLink, findReader } from './store.ts';
import type { Tokens } from './tokens.ts';
import { TEST_TOKEN } from './test-token.ts';
import { trackClick, trackOpen, unsubscribe } from './tracking.ts';

const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
// Readers sit behind few addresses (Gmail's proxies), so nobody is limited here; each costs one small statement.
const config = { public: true, rateLimit: false as const };
const params = z.object({ token: z.string().max(100) });
const tags = ['public'];
const PAGE_HEADERS = {
	'cache-control': 'no-store',
	'referrer-policy': 'no-referrer',
	'x-robots-tag': 'noindex',
	'content-security-policy':
		"default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
};

/** What mail programs and readers call: open pixel, click links, unsubscribe page and one-click (RFC 8058). */
export function trackingRoutes(
	app: App,
	{ db, tokens, storeUrl }: { db: Database; tokens: Tokens; storeUrl: string | undefined },
): void {
	app.get(
		'/t/o/:token',
		{ config, logLevel: 'warn', schema: { tags, summary: 'Open pixel', params } },
		async (request, reply) => {
			const token = tokens.read('open', request.params.token.replace(/\.gif$/, ''));
			if (token !== undefined && request.method !== 'HEAD') {
				const machine = isMachine(request.headers);
				await trackOpen(db, token, { machine, correlationId: request.id });
			}
			// A token that is not ours gets the pixel too: a broken image would tell more than nothing.
			return reply
				.headers({ 'cache-control': 'no-store, private', 'content-type': 'image/gif' })
				.send(PIXEL);
		},
	);
	app.get(
		'/t/c/:token',
		{ config, logLevel: 'warn', schema: { tags, summary: 'Click link', params } },
		async (request, reply) => {
			const token = tokens.read('click', request.params.token);
			const link = token && (await findLink(db, token.recipientId, token.number));
			if (token === undefined || link === undefined) return html(reply, 404, unknownPage());
			const { url, campaignId } = link;
			if (request.method !== 'HEAD') {
				const machine = isMachine(request.headers);
				await trackClick(db, token, { machine, url, correlationId: request.id });
			}
			return reply
				.headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
				.redirect(clickedUrl(url, { storeUrl, clickId: token.recipientId, campaignId }), 302);
		},
	);
	app.get(
		'/u/:token',
		{
			config,
			logLevel: 'warn',
			schema: { tags, summary: 'Unsubscribe page; changes nothing', params },
		},
		async (request, reply) => {
			if (request.params.token === TEST_TOKEN) return html(reply, 200, testPage());
			const token = tokens.read('unsubscribe', request.params.token);
			const reader = token && (await findReader(db, token.recipientId));
			if (reader === undefined) return html(reply, 404, unknownPage());
			const email = reader.email ?? 'You';
			const body = reader.unsubscribed ? donePage({ email }) : confirmPage({ ...reader, email });
			return html(reply, 200, body);
		},
	);
	app.register(async (scope) => {
		// RFC 8058 clients post a form, encoded either way. What it says does not matter: the post is the wish.
		for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']) {
			scope.addContentTypeParser(
				type,
				{ parseAs: 'string', bodyLimit: 10_000 },
				(_request, body, done) => done(null, String(body)),
			);
		}
		scope.post<{ Params: { token: string } }>(
			'/u/:token',
			{
				config,
				schema: { tags, summary: 'Unsubscribe, by one click (RFC 8058) or from the page', params },
			},
			async (request, reply) => {
				if (request.params.token === TEST_TOKEN) return html(reply, 200, testPage());
				const token = tokens.read('unsubscribe', request.params.token);
				const reader = token && (await findReader(db, token.recipientId));
				if (token === undefined || reader === undefined) return html(reply, 404, unknownPage());
				const fromPage = typeof request.body === 'string' && request.body.includes('source=page');
				const source = fromPage ? 'unsubscribe page' : 'one-click';
				await unsubscribe(db, token, { correlationId: request.id, source });
				return html(reply, 200, donePage({ email: reader.email ?? 'You' }));
			},
		);
	});
}

function html(reply: FastifyReply, status: number, body: string): FastifyReply {
	return reply.code(status).headers(PAGE_HEADERS).type('text/html; charset=utf-8').send(body);
}
