import { html } from '@autopilot/html';
import { type App, Problem } from '@autopilot/http';
import { linkSigner, type LinkSigner } from '@autopilot/storage';
import type { FastifyError } from 'fastify';
import type { LicenseKeys } from '../licenses/key.ts';
import type { CheckoutParts } from '../payments/checkout.ts';
import { lostLinkRoutes } from './lost-link-routes.ts';
import { orderRoutes } from './order-routes.ts';
import { sendPage, style } from './shell.ts';
import { shopRoutes } from './shop-routes.ts';
import { visitors, type Visitors } from './visitor.ts';

export interface PageParts extends CheckoutParts {
	keys: LicenseKeys;
	/** Signs download links. */
	links: LinkSigner;
	publicUrl: string;
	storeName: string;
	visitors: Visitors;
}

/** People ask for HTML by name; programs take anything, or JSON. */
const wantsPage = (accept = '') => accept.includes('text/html');

/**
 * What buyers see: a shop that works without JavaScript and without a front end of one's own. Pages call what the API
 * calls; their errors are pages too.
 */
export function registerPages(
	app: App,
	parts: Omit<PageParts, 'visitors' | 'links'> & { signingSecret: string },
): void {
	void app.register(async (pages) => {
		pages.addContentTypeParser(
			'application/x-www-form-urlencoded',
			{ parseAs: 'string', bodyLimit: 64 * 1024 },
			(_request, body, done) => done(null, body),
		);
		pages.setErrorHandler<FastifyError>((error, request, reply) => {
			const known = error instanceof Problem && error.status < 500;
			if (!known) request.log.error({ err: error }, 'a page failed');
			const status = known ? error.status : (error.statusCode ?? 500);
			const text = known ? error.message : 'Something failed on our side. Please try again.';
			return sendPage(reply, parts.storeName, {
				title: status === 404 ? 'Not found' : 'That did not work',
				status,
				body: html`<section class="empty">
					<h1>${status === 404 ? 'There is nothing here' : 'That did not work'}</h1>
					<p>${text}</p>
					<p><a class="button" href="/">To the shop</a></p>
				</section>`,
			});
		});
		style.serve(pages);
		const all = { ...parts, visitors: visitors(parts), links: linkSigner(parts.signingSecret) };
		shopRoutes(pages, all);
		orderRoutes(pages, all);
		lostLinkRoutes(pages, all);
		pages.get('/*', { config: { public: true }, schema: { hide: true } }, (request, reply) => {
			const isPage = !request.url.startsWith('/api/') && wantsPage(request.headers.accept);
			if (!isPage) return reply.callNotFound();
			throw new Problem({
				status: 404,
				code: 'page_not_found',
				detail: 'The address may be mistyped, or the page has moved.',
			});
		});
	});
}
