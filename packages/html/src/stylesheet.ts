import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

export interface Stylesheet {
	/** Changes with the content, so that the answer may be kept for a year. */
	url: string;
	/** Registers its route; without an API key where there are keys. */
	serve(app: FastifyInstance): void;
}

/** One CSS file, read once. */
export function stylesheet(file: URL): Stylesheet {
	const css = readFileSync(file);
	const url = `/assets/${createHash('sha256').update(css).digest('hex').slice(0, 16)}.css`;
	return {
		url,
		serve(app) {
			app.route({
				method: 'GET',
				url,
				config: { public: true },
				schema: { hide: true },
				handler: (_request, reply) =>
					reply
						.type('text/css; charset=utf-8')
						.header('cache-control', 'public, max-age=31536000, immutable')
						.header('x-content-type-options', 'nosniff')
						.send(css),
			});
		},
	};
}
