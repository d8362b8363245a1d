import { pageHeaders, stylesheet } from '@autopilot/html';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { html, type Html } from './html.ts';

const css = stylesheet(new URL('style.css', import.meta.url));

/** The stylesheet of all pages. */
export function styleRoute(app: FastifyInstance): void {
	css.serve(app);
}

/**
 * Sends a page: no scripts at all, nothing cached, not to be framed.
 * @param goesTo  origins a form's answer may lead to: the shop
 */
export function sendPage(
	reply: FastifyReply,
	page: { title: string; body: Html; status?: number; goesTo?: (string | null)[] },
): FastifyReply {
	const origins = (page.goesTo ?? []).flatMap((url) =>
		url !== null && URL.canParse(url) ? [new URL(url).origin] : [],
	);
	return reply
		.code(page.status ?? 200)
		.type('text/html; charset=utf-8')
		.headers(pageHeaders({ formAction: ["'self'", ...origins].join(' ') }))
		.send(
			html`<!doctype html>
				<html lang="en">
					<head>
						<meta charset="utf-8" />
						<meta name="viewport" content="width=device-width, initial-scale=1" />
						<title>${page.title}</title>
						<link rel="stylesheet" href="${css.url}" />
						<link rel="icon" href="data:," />
					</head>
					<body>
						<p class="sandbox">
							<strong>SANDBOX</strong> No money moves here. Use test cards and accounts only.
						</p>
						${page.body}
					</body>
				</html>`.text,
		);
}
