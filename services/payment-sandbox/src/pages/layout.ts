import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { html, type Html } from './html.ts';

const css = readFileSync(new URL('style.css', import.meta.url));
const hash = createHash('sha256').update(css).digest('hex').slice(0, 12);

export function styleRoute(app: FastifyInstance): void {
	app.get(`/assets/${hash}.css`, (_request, reply) =>
		reply
			.type('text/css; charset=utf-8')
			.header('cache-control', 'public, max-age=31536000, immutable')
			.send(css),
	);
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
		.header('cache-control', 'no-store')
		.header('referrer-policy', 'same-origin')
		.header('x-content-type-options', 'nosniff')
		.header('x-robots-tag', 'noindex')
		.header(
			'content-security-policy',
			`default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self' ${origins.join(' ')}; base-uri 'none'; frame-ancestors 'none'`,
		)
		.send(
			html`<!doctype html>
				<html lang="en">
					<head>
						<meta charset="utf-8" />
						<meta name="viewport" content="width=device-width, initial-scale=1" />
						<title>${page.title}</title>
						<link rel="stylesheet" href="/assets/${hash}.css" />
						<link rel="icon" href="data:," />
					</head>
					<body>
						<p class="sandbox">
							<strong>SANDBOX</strong> No money moves here. Use a test card only.
						</p>
						${page.body}
					</body>
				</html>`.text,
		);
}
