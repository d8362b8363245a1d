import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';

declare module 'fastify' {
	interface FastifyContextConfig {
		/** True for routes that take files: as long as bytes come, the body may take its time. */
		upload?: boolean;
	}
}

export interface BodyTimes {
	/** In which a whole body must have come. */
	requestTimeoutMs: number;
	/** How long an upload may stand still. */
	uploadStallMs: number;
}

/**
 * Ends requests whose body does not come: 408, and the connection is closed. Node's own limit is one for all routes and
 * for the whole body, so a film over a slow line was cut off while it was coming in; its limit for headers stays.
 */
export function limitBodyTime(app: FastifyInstance, times: BodyTimes): void {
	app.addHook('onRequest', async (request, reply) => {
		if (!hasBody(request)) return;
		const stop =
			request.routeOptions.config.upload === true
				? watchProgress(request, times.uploadStallMs, () =>
						end(request, reply, `No byte has come for ${times.uploadStallMs / 1000} s.`),
					)
				: watchEnd(request, times.requestTimeoutMs, () =>
						end(request, reply, `It was not here after ${times.requestTimeoutMs / 1000} s.`),
					);
		request.raw.once('end', stop).once('close', stop);
	});
}

function hasBody({ headers }: FastifyRequest): boolean {
	return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function watchEnd({ raw }: FastifyRequest, ms: number, cut: () => void): () => void {
	const timer = setTimeout(() => {
		if (!raw.complete) cut();
	}, ms).unref();
	return () => clearTimeout(timer);
}

function watchProgress({ raw }: FastifyRequest, stallMs: number, cut: () => void): () => void {
	let seen = raw.socket.bytesRead;
	let since = performance.now();
	const timer = setInterval(() => {
		const { bytesRead } = raw.socket;
		// What waits to be read here is our slowness, not the client's.
		if (bytesRead !== seen || raw.readableLength > 0) {
			seen = bytesRead;
			since = performance.now();
		} else if (!raw.complete && performance.now() - since >= stallMs) {
			clearInterval(timer);
			cut();
		}
	}, stallMs / 4).unref();
	return () => clearInterval(timer);
}

function end({ raw }: FastifyRequest, reply: FastifyReply, what: string): void {
	if (reply.sent) return void raw.destroy();
	reply.raw.once('finish', () => raw.destroy());
	reply.header('connection', 'close').send(
		new Problem({
			status: 408,
			code: 'body_timeout',
			detail: `The body stopped coming. ${what} Send it again.`,
		}),
	);
}
