import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import {
	brotliCompressSync,
	deflateRawSync,
	deflateSync,
	gzipSync,
	zstdCompressSync,
} from 'node:zlib';
import { request } from 'undici';
import { createEgress, EgressDenied, EgressFailed } from '../src/index.ts';
import type { Egress, EgressOptions } from '../src/index.ts';

// No test but that of the limit waits for it.
const limits = { timeoutMs: 60_000, maxBytes: 100_000 };
const page = '<h1>hello</h1>'.repeat(50);

let server: Server;
let port: number;
let seen: IncomingMessage[] = [];
const open: Egress[] = [];

function answer(request: IncomingMessage, response: ServerResponse): void {
	seen.push(request);
	const url = new URL(request.url ?? '/', 'http://test.invalid');
	const encodings: Record<string, (text: string) => Buffer> = {
		gzip: (text) => gzipSync(text),
		br: (text) => brotliCompressSync(text),
		zstd: (text) => zstdCompressSync(text),
		deflate: (text) => deflateSync(text),
		'deflate-raw': (text) => deflateRawSync(text),
		'gzip-cut': (text) => gzipSync(text).subarray(0, -8),
		'gzip, br': (text) => brotliCompressSync(gzipSync(text)),
	};
	const encoding = url.searchParams.get('encoding');
	switch (url.pathname) {
		case '/encoded':
			response.setHeader('content-encoding', (encoding ?? '').replace(/-(raw|cut)$/, ''));
			response.end(encodings[encoding ?? '']?.(page));
			return;
		case '/bomb':
			response.setHeader('content-encoding', 'gzip');
			response.end(gzipSync(Buffer.alloc(20_000_000)));
			return;
		case '/double-bomb':
			response.setHeader('content-encoding', 'gzip, gzip');
			response.end(gzipSync(gzipSync(Buffer.alloc(20_000_000))));
			return;
		case '/noise':
			response.setHeader('content-encoding', 'gzip');
			response.end('this is not gzip');
			return;
		case '/stream':
			// No content-length and no end: only counting while reading can stop this.
			response.on('error', () => undefined);
			{
				const write = () => {
					while (!response.destroyed && response.write(Buffer.alloc(16_384))) {
						// until the socket is full
					}
				};
				response.on('drain', write);
				write();
			}
			return;
		case '/large':
			response.setHeader('content-length', '5000000');
			response.write('x');
			return;
		case '/hang':
			return;
		case '/half':
			response.writeHead(200, { 'content-length': '1000' });
			response.write('half');
			return;
		case '/cut':
			response.writeHead(200, { 'content-length': '1000' });
			response.write('half');
			setImmediate(() => response.destroy());
			return;
		case '/redirect':
			response.writeHead(Number(url.searchParams.get('status') ?? 302), {
				location: url.searchParams.get('to') ?? '/encoded',
			});
			response.end('moved');
			return;
		default:
			response.setHeader('content-type', 'text/plain');
			response.end(`${request.method} ${request.url}`);
	}
}

function egress(options: Partial<EgressOptions> = {}): Egress {
	const made = createEgress({ allow: [`127.0.0.1:${port}`], ...options });
	open.push(made);
	return made;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
	try {
		await work;
		return 'succeeded';
	} catch (error) {
		if (error instanceof EgressDenied || error instanceof EgressFailed) return error.code;
		throw error;
	}
}

beforeAll(async () => {
	server = createServer(answer).listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('no port');
	port = address.port;
});

afterEach(async () => {
	seen = [];
	for (const made of open.splice(0)) await made.close();
});

afterAll(() => {
	server.closeAllConnections();
	server.close();
});

describe('an exchange', () => {
	it('sends method, headers, body and the user agent', async () => {
		const { status, body, url, headers } = await egress({ userAgent: 'Autopilot/1' }).fetch(
			`http://127.0.0.1:${port}/echo?a=1`,
			{
				...limits,
				method: 'post',
				headers: { 'X-Test': 'yes', Host: 'other.example' },
				body: '{}',
			},
		);
		expect({ status, body: body.toString(), url }).toEqual({
			status: 200,
			body: 'POST /echo?a=1',
			url: `http://127.0.0.1:${port}/echo?a=1`,
		});
		expect(headers['content-type']).toBe('text/plain');
		expect(seen[0]?.headers).toMatchObject({
			'user-agent': 'Autopilot/1',
			'x-test': 'yes',
			host: `127.0.0.1:${port}`,
		});
	});

	it.each(['gzip', 'br', 'zstd', 'deflate', 'deflate-raw', 'gzip-cut', 'gzip, br'])(
		'reads %s',
		async (encoding) => {
			const url = `http://127.0.0.1:${port}/encoded?encoding=${encodeURIComponent(encoding)}`;
			expect((await egress().fetch(url, limits)).body.toString()).toBe(page);
		},
	);
});

describe('limits', () => {
	it.each([
		['/bomb', 'too_large'],
		['/double-bomb', 'too_large'],
		['/stream', 'too_large'],
		['/large', 'too_large'],
		['/noise', 'network'],
		['/cut', 'network'],
	])('%s ends with %s', async (path, code) => {
		expect(await codeOf(egress().fetch(`http://127.0.0.1:${port}${path}`, limits))).toBe(code);
	});

	it.each(['/hang', '/half'])('%s ends with timeout', async (path) => {
		const work = egress().fetch(`http://127.0.0.1:${port}${path}`, { ...limits, timeoutMs: 150 });
		expect(await codeOf(work)).toBe('timeout');
	});

	it("throws the caller's own reason when the caller gives up", async () => {
		const controller = new AbortController();
		const work = egress().fetch(`http://127.0.0.1:${port}/hang`, {
			...limits,
			signal: controller.signal,
		});
		controller.abort(new Error('cancelled by the user'));
		await expect(work).rejects.toThrow('cancelled by the user');
	});

	it('tells nothing of the connection but its failure', async () => {
		// Our server holds its port on another address, so that nobody can listen here.
		const url = `http://127.0.0.77:${port}/`;
		const work = egress({ allow: ['127.0.0.0/8'] }).fetch(url, limits);
		expect(await codeOf(work)).toBe('network');
		await expect(work).rejects.not.toThrow('ECONNREFUSED');
		await expect(work).rejects.toHaveProperty('cause.code', 'ECONNREFUSED');
	});
});

describe('redirects', () => {
	const to = (target: string, status = 302) =>
		`http://127.0.0.1:${port}/redirect?status=${status}&to=${encodeURIComponent(target)}`;

	it('are not followed unless asked', async () => {
		const { status, headers } = await egress().fetch(to('/next'), limits);
		expect([status, headers.location]).toEqual([302, '/next']);
	});

	it('are followed, relative ones too, and the last URL is told', async () => {
		const answer = await egress().fetch(to('/next step'), { ...limits, maxRedirects: 3 });
		expect(answer.url).toBe(`http://127.0.0.1:${port}/next%20step`);
	});

	it('end after maxRedirects', async () => {
		const loop = `http://127.0.0.1:${port}/redirect?to=%2Fredirect%3Fto%3D%252Fredirect`;
		const work = egress().fetch(loop, { ...limits, maxRedirects: 1 });
		expect(await codeOf(work)).toBe('too_many_redirects');
	});

	it.each([
		['http://10.0.0.1/', 'address'],
		['http://[::1]/', 'address'],
		['http://169.254.169.254/latest/', 'address'],
		['http://inside.example/', 'address'],
		['http://127.0.0.1:1/', 'port'],
		['http://2130706433/', 'address'],
		['file:///etc/passwd', 'scheme'],
		['http://a:b@shop.example/', 'credentials'],
		['\\\\10.0.0.1\\', 'characters'],
	])('to %s are refused with %s', async (target, code) => {
		const out = egress({
			lookup: () => Promise.resolve([{ address: '10.0.0.9', family: 4 }]),
		});
		expect(await codeOf(out.fetch(to(target), { ...limits, maxRedirects: 3 }))).toBe(code);
	});

	it('turn POST into GET and drop the body, but not for 307', async () => {
		const post = { ...limits, method: 'POST', body: 'x', maxRedirects: 1 };
		expect((await egress().fetch(to('/a', 302), post)).body.toString()).toBe('GET /a');
		expect((await egress().fetch(to('/a', 303), post)).body.toString()).toBe('GET /a');
		expect((await egress().fetch(to('/a', 307), post)).body.toString()).toBe('POST /a');
	});

	it('do not carry credentials to another origin', async () => {
		const out = egress({
			allow: ['127.0.0.1', 'other.example'],
			lookup: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
		});
		const headers = { authorization: 'Bearer x', cookie: 'a=b', 'x-kept': '1' };
		await out.fetch(to(`http://other.example:${port}/`), { ...limits, headers, maxRedirects: 1 });
		expect(seen[0]?.headers).toMatchObject({ authorization: 'Bearer x', cookie: 'a=b' });
		expect(seen[1]?.headers).toMatchObject({ 'x-kept': '1' });
		expect(seen[1]?.headers).not.toHaveProperty('authorization');
		expect(seen[1]?.headers).not.toHaveProperty('cookie');
	});
});

describe('a name that changes its answer (DNS rebinding)', () => {
	it('is resolved once per connection, and that answer is dialled', async () => {
		const answers = ['127.0.0.1', '10.0.0.1'];
		let asked = 0;
		const out = egress({
			allow: [`127.0.0.1:${port}`],
			lookup: () => Promise.resolve([{ address: answers[asked++] ?? '10.0.0.1', family: 4 }]),
		});
		const first = await out.fetch(`http://rebind.example:${port}/`, limits);
		expect([first.status, asked]).toEqual([200, 1]);
		expect(seen[0]?.headers.host).toBe(`rebind.example:${port}`);
	});

	it('is refused when the second look shows a private address', async () => {
		let asked = 0;
		const lookup = () =>
			Promise.resolve([{ address: asked++ === 0 ? '93.184.216.34' : '127.0.0.1', family: 4 }]);
		const out = egress({ allow: [], lookup });
		expect((await out.resolve('http://rebind.example/')).address).toBe('93.184.216.34');
		expect(await codeOf(out.fetch('http://rebind.example/', limits))).toBe('address');
		expect(seen).toEqual([]);
	});

	it('is refused when the dispatcher is used directly', async () => {
		const out = egress({ allow: [] });
		const direct = request(`http://127.0.0.1:${port}/`, { dispatcher: out.dispatcher });
		await expect(direct).rejects.toBeInstanceOf(EgressDenied);
		expect(seen).toEqual([]);
	});

	it('tries the next tested answer when the first does not connect', async () => {
		const out = egress({
			allow: ['127.0.0.0/8'],
			lookup: () =>
				Promise.resolve([
					{ address: '127.0.0.77', family: 4 },
					{ address: '127.0.0.1', family: 4 },
				]),
		});
		expect((await out.fetch(`http://two.example:${port}/`, limits)).status).toBe(200);
	});
});
