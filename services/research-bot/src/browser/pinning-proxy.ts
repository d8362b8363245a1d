import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { Transform } from 'node:stream';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EgressDenied } from '@autopilot/egress';
import type { Egress } from '@autopilot/egress';
import { request } from 'undici';

/** Marks an answer that came from the proxy itself, not from the site. */
export const refusalHeader = 'x-autopilot-egress';

export interface PinningProxy {
	/** `http://127.0.0.1:port`, for Chromium's --proxy-server. */
	readonly url: string;
	/** Why a host was refused lately, if it was. */
	refusalOf(host: string): EgressDenied | undefined;
	close(): Promise<void>;
}

export interface ProxyLimits {
	/** Of one plain-HTTP answer or one tunnel. */
	maxBytes: number;
	idleMs: number;
}

const maxRefusals = 1_000;
const hopByHop = new Set(
	'connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding upgrade'.split(
		' ',
	),
);

/**
 * The only way out for the browser. Chromium resolves names by itself and its request interception
 * sees URLs, not addresses, and no server redirects: so every connection, of pages, frames, scripts
 * and sockets, is made here, by the rules of the egress, to the address that was tested.
 */
export async function startPinningProxy(
	egress: Egress,
	limits: ProxyLimits,
): Promise<PinningProxy> {
	const refusals = new Map<string, EgressDenied>();
	const sockets = new Set<Socket>();
	const remember = (host: string, error: unknown) => {
		if (!(error instanceof EgressDenied)) return;
		if (refusals.size >= maxRefusals) refusals.clear();
		refusals.set(host, error);
	};

	const server = createServer((incoming, outgoing) => {
		void forward(egress, limits, incoming, outgoing).catch((error: unknown) => {
			remember(hostOf(incoming.url), error);
			refuse(outgoing, error);
		});
	});
	server.on('connect', (incoming: IncomingMessage, client: Duplex, head: Buffer) => {
		void tunnel(egress, limits, incoming.url ?? '', { client, head, sockets }).catch(
			(error: unknown) => {
				remember(hostOf(`https://${incoming.url ?? ''}`), error);
				const status = error instanceof EgressDenied ? '403 Forbidden' : '502 Bad Gateway';
				client.end(`HTTP/1.1 ${status}\r\n${refusalHeader}: refused\r\n\r\n`);
			},
		);
	});
	server.on('connection', (socket) => {
		sockets.add(socket);
		socket.once('close', () => sockets.delete(socket));
	});
	server.listen(0, '127.0.0.1');
	await new Promise<void>((resolve, reject) => {
		server.once('listening', resolve).once('error', reject);
	});
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
	return {
		url: `http://127.0.0.1:${address.port}`,
		refusalOf: (host) => refusals.get(host),
		async close() {
			for (const socket of sockets) socket.destroy();
			await new Promise<void>((resolve) => server.close(() => resolve()));
		},
	};
}

/** Plain HTTP: the browser sends the whole URL. The egress' dispatcher resolves, tests and dials. */
async function forward(
	egress: Egress,
	limits: ProxyLimits,
	incoming: IncomingMessage,
	outgoing: ServerResponse,
): Promise<void> {
	const url = incoming.url ?? '';
	// A request with a path only is one made to the proxy itself, as a page could try.
	if (!/^http:\/\//i.test(url)) throw new EgressDenied('scheme', 'This is no web server.');
	await egress.resolve(url);
	const gone = new AbortController();
	outgoing.once('close', () => gone.abort());
	const hasBody = incoming.headers['content-length'] ?? incoming.headers['transfer-encoding'];
	const answer = await request(url, {
		dispatcher: egress.dispatcher,
		method: incoming.method ?? 'GET',
		headers: endToEnd(incoming.headers),
		body: hasBody === undefined ? null : incoming,
		signal: gone.signal,
		headersTimeout: limits.idleMs,
		bodyTimeout: limits.idleMs,
	});
	outgoing.writeHead(answer.statusCode, endToEnd(answer.headers));
	// What fails from here on shows as a broken answer; the status is sent.
	await pipeline(answer.body, cap(limits.maxBytes), outgoing).catch(() => outgoing.destroy());
}

function endToEnd(
	headers: Record<string, string | string[] | undefined>,
): Record<string, string | string[]> {
	const kept: Record<string, string | string[]> = {};
	for (const [name, value] of Object.entries(headers)) {
		// Host follows the URL; the egress' agent sets it.
		if (value !== undefined && !hopByHop.has(name) && name !== 'host') kept[name] = value;
	}
	return kept;
}

async function tunnel(
	egress: Egress,
	limits: ProxyLimits,
	authority: string,
	{ client, head, sockets }: { client: Duplex; head: Buffer; sockets: Set<Socket> },
): Promise<void> {
	const url = new URL(`https://${authority}`);
	const { address } = await egress.resolve(url);
	const upstream = connect({ host: address, port: url.port === '' ? 443 : Number(url.port) });
	sockets.add(upstream);
	upstream.once('close', () => sockets.delete(upstream));
	upstream.setTimeout(limits.idleMs, () => upstream.destroy());
	await new Promise<void>((resolve, reject) => {
		upstream.once('connect', resolve).once('error', reject);
	});
	client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
	if (head.length > 0) upstream.write(head);
	// Either side may go at any time: both go then.
	void pipeline(client, upstream).catch(() => upstream.destroy());
	void pipeline(upstream, cap(limits.maxBytes), client).catch(() => client.destroy());
}

function cap(maxBytes: number): Transform {
	let left = maxBytes;
	return new Transform({
		transform(chunk: Buffer, _encoding, done) {
			left -= chunk.length;
			if (left < 0) done(new Error(`more than ${maxBytes} bytes`));
			else done(null, chunk);
		},
	});
}

function refuse(outgoing: ServerResponse, error: unknown): void {
	if (outgoing.headersSent) {
		outgoing.destroy();
		return;
	}
	const status = error instanceof EgressDenied ? 403 : 502;
	outgoing.writeHead(status, { [refusalHeader]: 'refused', 'content-type': 'text/plain' });
	outgoing.end('The request was refused.');
}

function hostOf(url: string | undefined): string {
	return url !== undefined && URL.canParse(url) ? new URL(url).host : '';
}
