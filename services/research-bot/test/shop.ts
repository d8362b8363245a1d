import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Shop {
	url: string;
	/** `127.0.0.1:port`, for the allow-list. */
	host: string;
	/** Paths that were asked for, in order, robots.txt left out. */
	paths: string[];
	/** When each of them came in. */
	times: number[];
	requests: IncomingMessage[];
	/** TCP connections, the least a leak would show. */
	connections: number;
	close(): Promise<void>;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export const offer = {
	'@type': 'Offer',
	price: '49.99',
	priceCurrency: 'EUR',
	availability: 'https://schema.org/InStock',
};

export function page(body: string, head = ''): string {
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mug</title>${head}</head><body>${body}</body></html>`;
}

export function jsonLdPage(price = '49.99', body = '<h1>Mug</h1>'): string {
	const data = { '@type': 'Product', name: 'Mug', offers: { ...offer, price } };
	return page(body, `<script type="application/ld+json">${JSON.stringify(data)}</script>`);
}

/** A small shop of the tests on 127.0.0.1. Paths without a handler are 404. */
export async function startShop(routes: Record<string, Handler | string>): Promise<Shop> {
	const shop: Omit<Shop, 'url' | 'host' | 'close'> = {
		paths: [],
		times: [],
		requests: [],
		connections: 0,
	};
	const server = createServer((request, response) => {
		const { pathname } = new URL(request.url ?? '/', 'http://test.invalid');
		if (pathname !== '/robots.txt') {
			shop.paths.push(pathname);
			shop.times.push(Date.now());
			shop.requests.push(request);
		}
		const route = routes[pathname];
		if (route === undefined) response.writeHead(404).end();
		else if (typeof route === 'function') route(request, response);
		else response.setHeader('content-type', 'text/html; charset=utf-8').end(route);
	});
	server.on('connection', () => shop.connections++);
	server.listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	const { port } = server.address() as AddressInfo;
	return Object.assign(shop, {
		url: `http://127.0.0.1:${port}`,
		host: `127.0.0.1:${port}`,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	});
}

export function html(text: string, status = 200, headers: Record<string, string> = {}): Handler {
	return (_request, response) => {
		response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers });
		response.end(text);
	};
}
