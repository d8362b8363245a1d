import { createHash, createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';

/** A request as the fake service got it. */
export interface Received {
	method: string;
	path: string;
	query: Record<string, string>;
	headers: IncomingMessage['headers'];
	body: unknown;
	bytes: Buffer;
}

export interface Reply {
	status?: number;
	body?: unknown;
	headers?: Record<string, string>;
}

type Handler = (request: Received) => Reply | Promise<Reply>;

/** A small real HTTP server with the shapes of the services' contract, told what to answer. */
export interface FakeService {
	url: string;
	apiKey: string;
	received: Received[];
	/** Answers `METHOD /path`; the last one told for a route holds. */
	on(route: string, handler: Handler): void;
	/** Requests that a route has got. */
	to(route: string): Received[];
	close(): Promise<void>;
}

export async function startFakeService(apiKey = 'ap_test_key'): Promise<FakeService> {
	const handlers = new Map<string, Handler>();
	const received: Received[] = [];
	const server = createServer((request, response) => {
		const url = new URL(request.url ?? '/', 'http://fake');
		const whole = readBody(request).catch(() => undefined);
		void whole.then(async (bytes) => {
			// The client has gone before its request was whole.
			if (bytes === undefined) return;
			const told: Received = {
				method: request.method ?? '',
				path: url.pathname,
				query: Object.fromEntries(url.searchParams),
				headers: request.headers,
				body: parsed(bytes),
				bytes,
			};
			received.push(told);
			const authorized = request.headers.authorization === `Bearer ${apiKey}`;
			const handler = handlers.get(`${told.method} ${told.path}`);
			const reply = !authorized
				? problem(401, 'unauthorized', 'The API key is not known.')
				: await (handler?.(told) ?? problem(404, 'not_found', `No route ${told.path}`));
			const { status = 200, body, headers = {} } = reply;
			if (Buffer.isBuffer(body)) {
				response.writeHead(status, { 'content-length': body.length, ...headers }).end(body);
			} else if (body === undefined) response.writeHead(status, headers).end();
			else {
				response
					.writeHead(status, { 'content-type': 'application/json', ...headers })
					.end(JSON.stringify(body));
			}
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	const port = typeof address === 'object' ? address?.port : '';
	return {
		url: `http://127.0.0.1:${port}`,
		apiKey,
		received,
		on: (route, handler) => void handlers.set(route, handler),
		to: (route) => received.filter(({ method, path }) => `${method} ${path}` === route),
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(Buffer.from(chunk));
	return Buffer.concat(chunks);
}

function parsed(bytes: Buffer): unknown {
	try {
		return JSON.parse(bytes.toString('utf8'));
	} catch (error) {
		if (error instanceof SyntaxError) return undefined;
		throw error;
	}
}

/** An RFC 9457 problem as the services send it. */
export function problem(
	status: number,
	code: string,
	detail: string,
	errors?: { pointer: string; detail: string }[],
): Reply {
	return {
		status,
		headers: { 'content-type': 'application/problem+json' },
		body: {
			type: `urn:autopilot:problem:${code}`,
			title: status === 422 ? 'Unprocessable Entity' : 'Problem',
			status,
			detail,
			instance: '/',
			code,
			correlationId: 'corr-1',
			...(errors ? { errors } : {}),
		},
	};
}

/** Headers of a message by Standard Webhooks. */
export function signedHeaders(
	body: string,
	secret: string,
	{ id = `msg_${randomUUID()}`, seconds = Math.floor(Date.now() / 1000) } = {},
): Record<string, string> {
	const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
	const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
	return {
		'content-type': 'application/json',
		'webhook-id': id,
		'webhook-timestamp': String(seconds),
		'webhook-signature': `v1,${signature}`,
	};
}

/** The secret that call-backs to the owner of an API key are signed with. */
export function callbackSecret(apiKey: string): string {
	return createHash('sha256').update(apiKey).digest('base64');
}

/** Calls back as a service does when the jobs of a group have ended; gives n8n's status. */
export async function callBack(url: string, apiKey: string, jobs: unknown[] = []): Promise<number> {
	const body = JSON.stringify({
		type: 'jobs.finished',
		timestamp: new Date().toISOString(),
		data: { jobs },
	});
	const headers = signedHeaders(body, callbackSecret(apiKey));
	const response = await fetch(url, { method: 'POST', headers, body });
	await response.arrayBuffer();
	return response.status;
}
