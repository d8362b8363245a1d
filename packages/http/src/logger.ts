import { pino, type Logger } from 'pino';

export type { Logger };

/**
 * Structured JSON logs on stdout, one line each, without secrets: authorization headers never reach them,
 * and of a URL only the path does, for the query may hold a signed token.
 */
export function createLogger(name: string, level: string): Logger {
	return pino({
		name,
		level,
		redact: ['*.authorization', '*.apiKey', '*.secret', '*.password', 'headers.authorization'],
		serializers: {
			req: (request: { method: string; url: string }) => ({
				method: request.method,
				path: request.url.split('?', 1)[0],
			}),
			err: pino.stdSerializers.err,
		},
	});
}
