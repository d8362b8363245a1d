import http, {
	type ClientRequest,
	type IncomingMessage,
	type RequestOptions,
	type ServerResponse,
} from 'node:http';
import https from 'node:https';
import { isPartOf } from '../match.ts';
import type { CannedAnswer, SentRequest } from './protocol.ts';
import { currentWorld, worlds, type World } from './world.ts';

const WORLD = 'x-closed-world';
const ADDRESS = 'x-closed-world-url';

type Callback = (response: IncomingMessage) => void;

/**
 * Makes every HTTP(S) request of a closed world end at this process, whichever client sends it: all of n8n's go through
 * Node's own two modules.
 */
export function redirectRequests(port: () => number): void {
	for (const [scheme, module] of [
		['http:', http],
		['https:', https],
	] as const) {
		const real = module.request;
		const request = (...given: unknown[]): ClientRequest => {
			const world = currentWorld.getStore();
			if (world === undefined) return Reflect.apply(real, module, given);
			const { options, callback } = normalise(given);
			const { host = 'localhost', hostname = host, path = '/', headers, method = 'GET' } = options;
			const protocol = options.protocol ?? scheme;
			const isDefault =
				String(options.port ?? '') === '' ||
				Number(options.port) === (protocol === 'https:' ? 443 : 80);
			const address = `${protocol}//${hostname}${isDefault ? '' : `:${options.port}`}${path}`;
			const told = { [WORLD]: world.executionId, [ADDRESS]: encodeURI(address) };
			return realHttpRequest(
				{
					host: '127.0.0.1',
					port: port(),
					path: '/',
					method,
					headers: { ...plain(headers), ...told },
				},
				callback,
			);
		};
		Object.assign(module, {
			request,
			get(...given: unknown[]) {
				const sent = request(...given);
				sent.end();
				return sent;
			},
		});
	}
}

const realHttpRequest = http.request;

function normalise(given: unknown[]): { options: RequestOptions; callback: Callback | undefined } {
	const callback = given.find((one): one is Callback => typeof one === 'function');
	const [first, second] = given;
	const url = typeof first === 'string' ? new URL(first) : first instanceof URL ? first : undefined;
	const extra = url === undefined ? first : second;
	const options: RequestOptions = typeof extra === 'object' && extra !== null ? extra : {};
	if (url === undefined) return { options, callback };
	const { protocol, hostname, port, pathname, search } = url;
	return { options: { protocol, hostname, port, path: pathname + search, ...options }, callback };
}

function plain(headers: RequestOptions['headers']): http.OutgoingHttpHeaders {
	if (headers === undefined || Array.isArray(headers)) return {};
	return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
}

/** Answers a request of a closed world. @returns false for any other */
export async function answerCanned(
	request: IncomingMessage,
	response: ServerResponse,
	body: Buffer,
): Promise<boolean> {
	const world = worlds.get(String(request.headers[WORLD] ?? ''));
	if (world === undefined) return false;
	const { [WORLD]: _, [ADDRESS]: address, ...headers } = request.headers;
	const url = new URL(decodeURI(String(address)));
	const sent: SentRequest = {
		...{ method: request.method ?? 'GET', url: `${url.origin}${url.pathname}` },
		query: Object.fromEntries(url.searchParams),
		headers: Object.fromEntries(
			Object.entries(headers).map(([name, value]) => [name, String(value)]),
		),
		...{ body: parsed(body), answer: undefined },
	};
	world.requests.push(sent);
	const answer = choose(world, sent);
	if (answer === undefined) {
		const detail = `No canned answer for ${sent.method} ${url.href}`;
		response.writeHead(501, { 'content-type': 'application/problem+json' });
		response.end(
			JSON.stringify({ title: 'Not Implemented', status: 501, code: 'no_answer', detail }),
		);
		return true;
	}
	promiseCallBack(world, answer, sent);
	response.writeHead(answer.status, answer.headers).end(answer.text);
	return true;
}

function choose(world: World, sent: SentRequest): CannedAnswer | undefined {
	const { answers } = world.options;
	const index = answers.findIndex(
		(answer, at) =>
			(answer.times === undefined || (world.given[at] ?? 0) < answer.times) && isFor(answer, sent),
	);
	if (index === -1) return undefined;
	sent.answer = index;
	world.given[index] = (world.given[index] ?? 0) + 1;
	return answers[index];
}

/** Whether an answer is for a request. */
export function isFor(
	{ request, query, body }: Pick<CannedAnswer, 'request' | 'query' | 'body'>,
	sent: SentRequest,
): boolean {
	const [method = '', pattern = ''] = request.split(' ');
	if (method !== '*' && method !== sent.method) return false;
	if (!isLike(sent.url, pattern)) return false;
	return (
		(query === undefined || isPartOf(query, sent.query)) &&
		(body === undefined || isPartOf(body, sent.body))
	);
}

/** `*` for any characters, also none. In one pass from the left. */
function isLike(text: string, pattern: string): boolean {
	const [first = '', ...rest] = pattern.split('*');
	const last = rest.pop();
	if (last === undefined) return text === pattern;
	if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length)
		return false;
	let from = first.length;
	for (const part of rest) {
		const at = text.indexOf(part, from);
		if (at === -1 || at + part.length > text.length - last.length) return false;
		from = at + part.length;
	}
	return true;
}

function promiseCallBack(
	{ callBacks }: World,
	{ callBack }: CannedAnswer,
	{ body, headers }: SentRequest,
): void {
	if (callBack === undefined || typeof body !== 'object' || body === null || !('callback' in body))
		return;
	const { callback } = body;
	if (typeof callback !== 'object' || callback === null || !('url' in callback)) return;
	const apiKey = (headers['authorization'] ?? '').replace(/^Bearer /, '');
	callBacks.push({ url: String(callback.url), apiKey, body: callBack });
}

function parsed(bytes: Buffer): unknown {
	const text = bytes.toString('utf8');
	try {
		return text === '' ? null : JSON.parse(text);
	} catch (error) {
		if (error instanceof SyntaxError) return text;
		throw error;
	}
}
