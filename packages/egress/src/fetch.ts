import type { IncomingHttpHeaders } from 'node:http';
import { errors, request } from 'undici';
import type { Dispatcher } from 'undici';
import { acceptEncoding, readBody } from './body.ts';
import { EgressDenied, EgressFailed } from './errors.ts';
import type { Guard } from './guard.ts';

export interface EgressRequest {
	method?: string;
	headers?: Record<string, string>;
	body?: string | Buffer;
	signal?: AbortSignal;
	/** For the whole exchange, redirects and body included. */
	timeoutMs: number;
	/** Of the body, before as well as after decompression. */
	maxBytes: number;
	/** Default 0: a redirect is answered as it is. */
	maxRedirects?: number;
}

export interface EgressResponse {
	status: number;
	headers: IncomingHttpHeaders;
	body: Buffer;
	/** Where the answer came from, after redirects. */
	url: string;
}

interface Hop {
	url: URL;
	method: string;
	headers: Record<string, string>;
	body: string | Buffer | undefined;
}

interface Wire {
	guard: Guard;
	dispatcher: Dispatcher;
	userAgent: string | undefined;
}

const redirects = new Set([301, 302, 303, 307, 308]);
const bodyless = new Set([204, 205, 304]);
/** Headers that belong to the first origin and do not follow a redirect to another. */
const secrets = new Set(['authorization', 'cookie', 'proxy-authorization']);

export async function fetchPinned(
	wire: Wire,
	url: string | URL,
	options: EgressRequest,
): Promise<EgressResponse> {
	const deadline = AbortSignal.timeout(options.timeoutMs);
	const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
	const maxRedirects = options.maxRedirects ?? 0;
	let hop: Hop = {
		url: wire.guard.checkUrl(url),
		method: (options.method ?? 'GET').toUpperCase(),
		headers: requestHeaders(options.headers ?? {}, wire.userAgent),
		body: options.body,
	};
	try {
		for (let followed = 0; ; followed++) {
			signal.throwIfAborted();
			const answer = await request(hop.url, {
				dispatcher: wire.dispatcher,
				method: hop.method,
				headers: hop.headers,
				body: hop.body ?? null,
				signal,
				headersTimeout: options.timeoutMs,
				bodyTimeout: options.timeoutMs,
			});
			const location = single(answer.headers.location);
			if (redirects.has(answer.statusCode) && location !== undefined && maxRedirects > 0) {
				await answer.body.dump({ limit: 16_384 });
				if (followed === maxRedirects) {
					throw new EgressFailed('too_many_redirects', `More than ${maxRedirects} redirects.`);
				}
				hop = nextHop(wire.guard, hop, answer.statusCode, location);
				continue;
			}
			const empty = hop.method === 'HEAD' || bodyless.has(answer.statusCode);
			const body = await readBody(
				answer.body,
				empty ? undefined : single(answer.headers['content-encoding']),
				empty ? undefined : single(answer.headers['content-length']),
				options.maxBytes,
			);
			return { status: answer.statusCode, headers: answer.headers, body, url: hop.url.href };
		}
	} catch (error) {
		if (options.signal?.aborted) throw options.signal.reason;
		throw opaque(error, hop.url, deadline.aborted);
	}
}

function requestHeaders(given: Record<string, string>, userAgent: string | undefined) {
	const headers: Record<string, string> = { 'accept-encoding': acceptEncoding };
	if (userAgent !== undefined) headers['user-agent'] = userAgent;
	for (const [name, value] of Object.entries(given)) {
		const key = name.toLowerCase();
		// The Host header follows the URL, or name-based servers could be asked for another site.
		if (key !== 'host') headers[key] = value;
	}
	return headers;
}

function nextHop(guard: Guard, hop: Hop, status: number, location: string): Hop {
	// Servers send unencoded spaces in Location; every other odd character is refused.
	const text = location.trim().replaceAll(' ', '%20');
	// eslint-disable-next-line no-control-regex -- control characters are what is looked for
	if (/[\u0000-\u001f\u007f-\u009f\\]/.test(text) || !URL.canParse(text, hop.url)) {
		throw new EgressDenied('characters', 'The redirect target cannot be read.');
	}
	const url = guard.checkUrl(new URL(text, hop.url));
	url.hash = '';
	const becomesGet = status === 303 || (status < 303 && hop.method === 'POST');
	const headers = Object.fromEntries(
		Object.entries(hop.headers).filter(
			([name]) =>
				!(url.origin !== hop.url.origin && secrets.has(name)) &&
				!(becomesGet && name.startsWith('content-')),
		),
	);
	if (!becomesGet) return { url, method: hop.method, headers, body: hop.body };
	return { url, method: hop.method === 'HEAD' ? 'HEAD' : 'GET', headers, body: undefined };
}

function opaque(error: unknown, url: URL, deadlinePassed: boolean): Error {
	if (error instanceof EgressDenied || error instanceof EgressFailed) return error;
	const late =
		deadlinePassed ||
		error instanceof errors.ConnectTimeoutError ||
		error instanceof errors.HeadersTimeoutError ||
		error instanceof errors.BodyTimeoutError;
	return late
		? new EgressFailed('timeout', `${url.host} did not answer in time.`, error)
		: new EgressFailed('network', `The connection to ${url.host} failed.`, error);
}

function single(value: string | string[] | undefined): string | undefined {
	return Array.isArray(value) ? value.join(', ') : value;
}
