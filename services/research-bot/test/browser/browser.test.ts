import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { until } from '@autopilot/postgres/testing';
import { html, jsonLdPage, page, startShop } from '../shop.ts';
import type { Shop } from '../shop.ts';
import { testReader } from '../reading.ts';

let shop: Shop;
let canary: Shop;
let stun: Socket;
let datagrams = 0;
let reader: Awaited<ReturnType<typeof testReader>>;
/** As in production: a page that shows something does so in time on a busy machine too. */
const PATIENT = { navigationMs: 20_000, readyMs: 6_000 };

const byScript = (delayMs: number) =>
	page(`<div id="root"></div><script>setTimeout(() => {
		document.getElementById('root').innerHTML = '<main class="product"><h1>Mug</h1><p class="price">€49.99</p></main>';
	}, ${delayMs})</script>`);

/** Everything a page can do to reach an address; the canary must see none of it. */
function attack(target: string, stunPort: number): string {
	const { port } = new URL(target);
	const ws = target.replace('http', 'ws');
	return jsonLdPage(
		'49.99',
		`<h1>Mug</h1><img src="${target}/img"><script src="${target}/script.js"></script>
		<link rel="stylesheet" href="${target}/style.css"><link rel="preconnect" href="${target}">
		<link rel="prefetch" href="${target}/prefetch"><link rel="dns-prefetch" href="//leak.example">
		<iframe src="${target}/frame"></iframe><iframe src="/to-canary"></iframe><object data="${target}/object"></object>
		<video src="${target}/video"></video><style>@font-face{font-family:x;src:url(${target}/font)}body{font-family:x;background:url(${target}/bg)}</style>
		<iframe src="http://localhost:${port}/"></iframe><iframe src="http://x.localhost:${port}/"></iframe>
		<iframe src="http://2130706433:${port}/"></iframe><iframe src="http://[::ffff:127.0.0.1]:${port}/"></iframe>
		<iframe src="http://0.0.0.0:${port}/"></iframe><iframe src="https://127.0.0.1:${port}/"></iframe>
		<form id="f" method="post" target="t" action="${target}/form"></form><iframe name="t"></iframe>
		<script>
			fetch('${target}/fetch', { mode: 'no-cors' }).catch(() => {});
			fetch('/to-canary', { mode: 'no-cors' }).catch(() => {});
			navigator.sendBeacon('${target}/beacon', 'x');
			const x = new XMLHttpRequest(); x.open('GET', '${target}/xhr'); x.onerror = () => {}; x.send();
			new WebSocket('${ws}/socket'); new EventSource('${target}/events');
			document.getElementById('f').submit();
			new Worker(URL.createObjectURL(new Blob(["fetch('${target}/worker').catch(() => {}); new WebSocket('${ws}/worker')"])));
			if (navigator.serviceWorker) navigator.serviceWorker.register('/sw.js').catch(() => {});
			window.open('${target}/popup');
			for (const address of ['127.0.0.1', 'localhost']) {
				const peer = new RTCPeerConnection({ iceServers: [{ urls: 'stun:' + address + ':${stunPort}' }] });
				peer.createDataChannel('x'); peer.createOffer().then((offer) => peer.setLocalDescription(offer));
			}
		</script>`,
	);
}

beforeAll(async () => {
	stun = createSocket('udp4');
	stun.on('message', () => datagrams++);
	stun.bind(0, '127.0.0.1');
	await once(stun, 'listening');
	canary = await startShop({ '/': jsonLdPage() });
	shop = await startShop({
		'/mug': jsonLdPage(),
		'/script': byScript(150),
		'/attack': attack(canary.url, stun.address().port),
		'/to-canary': (_request, response) => response.writeHead(302, { location: canary.url }).end(),
		'/leave': page(`<script>location = '${canary.url}/leave'</script>`),
		'/refresh': page('', `<meta http-equiv="refresh" content="0;url=${canary.url}/refresh">`),
		'/sw.js': (_request, response) => {
			response.setHeader('content-type', 'text/javascript');
			response.end(`fetch('${canary.url}/service-worker')`);
		},
		'/picture': jsonLdPage('49.99', '<h1 style="font-size:90px">Mug</h1><img src="/mug.png">'),
		'/mug.png': html('', 404),
		'/busy-loop': page('<h1>Mug</h1><script>setTimeout(() => { for (;;) {} }, 0)</script>'),
		'/dialog': page('<script>alert(1)</script><main><h1>Mug</h1><p class="price">€5.00</p></main>'),
		'/download': (_request, response) => {
			response.setHeader('content-disposition', 'attachment; filename="x.bin"');
			response.setHeader('content-type', 'application/octet-stream').end('x');
		},
		'/on-sight': page(`<main id="m"><h1>Mug</h1></main><script>
			new IntersectionObserver(() => requestAnimationFrame(() => requestAnimationFrame(() => {
				m.insertAdjacentHTML('beforeend', '<p class="price">€49.99</p>');
			}))).observe(m);
		</script>`),
		'/large': page(`<script>document.write('<!--' + 'x'.repeat(5e6) + '-->')</script>`),
		'/agent': page(
			`<main><h1 id="a"></h1><p class="price">€5.00</p></main><script>a.textContent = navigator.userAgent + ' ' + navigator.language</script>`,
		),
		'/slow.js': () => undefined,
		'/slow-script': jsonLdPage('49.99', '<h1>Mug</h1><img src="/slow.js">'),
		'/robots.txt': 'User-agent: *\nDisallow: /secret\n',
		'/secret': jsonLdPage(),
		'/to-secret': html('', 302, { location: '/secret' }),
		'/gone': html('gone', 410),
	});
	reader = await testReader({
		egressAllow: [shop.host],
		limits: { ...PATIENT, maxBytes: 4_000_000 },
	});
});

afterAll(async () => {
	await reader.close();
	await shop.close();
	await canary.close();
	stun.close();
});

const browser = { render: 'browser' } as const;

describe('the browser', () => {
	it('shows what scripts build, and auto finds out by itself that it is needed', async () => {
		expect(await reader.read(`${shop.url}/script`, { render: 'http' })).toMatchObject({
			status: 'failed',
			diagnosis: { code: 'empty_shell' },
		});
		const before = shop.paths.length;
		const reading = await reader.read(`${shop.url}/script`);
		expect(reading).toMatchObject({
			status: 'ok',
			renderedBy: 'browser',
			product: { name: 'Mug', price: { amount: 4999, currency: 'EUR' } },
		});
		// The host is known now: the browser comes first.
		await reader.read(`${shop.url}/script`);
		expect(shop.paths.slice(before)).toEqual(['/script', '/script', '/script']);
	});

	it('draws frames, though nobody looks: what is loaded on sight is loaded', async () => {
		const { product } = await reader.read(`${shop.url}/on-sight`, browser);
		expect(product.price).toMatchObject({ amount: 4999 });
	});

	it('is not started for what plain HTTP can read', async () => {
		await reader.redis.flushall();
		expect((await reader.read(`${shop.url}/mug`)).renderedBy).toBe('http');
	});

	it('gives its name and the language asked for', async () => {
		const { product } = await reader.read(`${shop.url}/agent`, { ...browser, locale: 'de-DE' });
		expect(product.name).toMatch(/TestBot\/1\.0.* de-DE$/);
	});

	it('takes a picture when asked, as a JPEG', async () => {
		const { screenshot, status } = await reader.read(`${shop.url}/picture`, { screenshot: true });
		expect(status).toBe('ok');
		expect(screenshot?.subarray(0, 3).toString('hex')).toBe('ffd8ff');
		expect(shop.paths).toContain('/mug.png');
	});

	it('does not load images otherwise', async () => {
		const before = shop.paths.length;
		await reader.read(`${shop.url}/picture`, browser);
		expect(shop.paths.slice(before)).toEqual(['/picture']);
	});

	it('does not wait for the network to fall silent', async () => {
		const { status, timings } = await reader.read(`${shop.url}/slow-script`, browser);
		expect(status).toBe('ok');
		expect(timings.totalMs).toBeLessThan(PATIENT.navigationMs);
	});

	it.each([
		['/download', 'not_html'],
		['/large', 'too_large'],
		['/secret', 'robots_disallowed'],
		['/to-secret', 'robots_disallowed'],
		['/gone', 'http_error'],
		['/to-canary', 'egress_denied'],
	])('%s is diagnosed as %s', async (path, code) => {
		const { diagnosis } = await reader.read(`${shop.url}${path}`, browser);
		expect(diagnosis?.code).toBe(code);
	});

	it.each(['http://127.0.0.1:9/', 'http://169.254.169.254/', 'http://[::1]/', 'http://10.0.0.1/'])(
		'is not sent to %s',
		async (url) => {
			const { diagnosis } = await reader.read(url, { ...browser, respectRobots: false });
			expect(diagnosis?.code).toBe('egress_denied');
		},
	);

	it('passes over a dialogue', async () => {
		expect((await reader.read(`${shop.url}/dialog`, browser)).status).toBe('ok');
	});

	it('gives a page up whose script never ends, and works on', async () => {
		const hasty = await testReader({
			egressAllow: [shop.host],
			limits: { navigationMs: 10_000, readyMs: 1_500 },
		});
		const { diagnosis } = await hasty.read(`${shop.url}/busy-loop`, browser);
		expect(diagnosis?.code).toBe('timeout');
		expect((await hasty.read(`${shop.url}/mug`, browser)).status).toBe('ok');
		await hasty.close();
	});

	it('stops at once when the caller gives up', async () => {
		const controller = new AbortController();
		const reading = reader.read(`${shop.url}/mug`, { ...browser, signal: controller.signal });
		controller.abort(new Error('cancelled'));
		await expect(reading).rejects.toThrow('cancelled');
	});
});

describe('a page that attacks the inside', () => {
	it('is read, but reaches nothing: 0 connections, 0 datagrams', async () => {
		const reading = await reader.read(`${shop.url}/attack`, { ...browser, screenshot: true });
		expect(reading).toMatchObject({ status: 'ok', product: { price: { amount: 4999 } } });
		expect({ connections: canary.connections, datagrams }).toEqual({
			connections: 0,
			datagrams: 0,
		});
	});

	it.each(['/leave', '/refresh'])('cannot leave for it by %s', async (path) => {
		expect((await reader.read(`${shop.url}${path}`, browser)).status).toBe('failed');
		expect(canary.connections).toBe(0);
	});

	it('would reach it if the operator allowed it, so the canary sings', async () => {
		const open = await testReader({ egressAllow: [shop.host, canary.host] });
		const wanted = ['/img', '/script.js', '/frame', '/fetch'];
		// A page is left as soon as it can be read, perhaps before all that it asks for has gone out.
		await until(
			async () => {
				await open.read(`${shop.url}/attack`, { ...browser, screenshot: true });
				return wanted.every((path) => canary.paths.includes(path));
			},
			{ what: 'what the page asks of the canary' },
		);
		await open.close();
		expect(canary.connections).toBeGreaterThan(0);
		expect(canary.paths).toEqual(expect.arrayContaining(wanted));
	});
});
