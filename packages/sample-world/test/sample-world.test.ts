import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sampleContacts, sampleProduct, SHOPS, startSampleWorld } from '../src/index.ts';

const SLOW_MS = 300;
let world: Awaited<ReturnType<typeof startSampleWorld>>;

beforeAll(async () => {
	world = await startSampleWorld({ port: 0, slowMs: SLOW_MS });
});
afterAll(() => world.close());

const shop = (name: string) => {
	const found = SHOPS.find((candidate) => candidate.name === name);
	if (found === undefined) throw new Error(`no shop ${name}`);
	return `${world.url}/shops/${found.name}${found.productPath}`;
};

async function page(url: string): Promise<{ status: number; type: string | null; html: string }> {
	const answer = await fetch(url);
	return {
		status: answer.status,
		type: answer.headers.get('content-type'),
		html: await answer.text(),
	};
}

function linkedData(html: string): unknown {
	const [, json] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(html) ?? [];
	if (json === undefined) throw new Error('the page has no JSON-LD');
	return JSON.parse(json);
}

describe('competitor shops', () => {
	it('Nordhem states price, rating and reviews as JSON-LD', async () => {
		const { status, html } = await page(shop('nordhem'));
		expect(status).toBe(200);
		expect(linkedData(html)).toMatchObject({
			'@type': 'Product',
			offers: { price: '99.00', priceCurrency: 'EUR' },
			aggregateRating: { ratingValue: '4.7', reviewCount: '213' },
		});
		expect(linkedData(html)).toHaveProperty('review.length', 3);
	});

	it('Lichtwerk has microdata only, beside an older price that is crossed out', async () => {
		const { html } = await page(shop('lichtwerk'));
		expect(html).toContain('<span itemprop="price" content="84.90">84,90 €</span>');
		expect(html).toContain('UVP 104,90 €');
		expect(html).not.toContain('ld+json');
	});

	it('Brightly has OpenGraph and embedded state that agree, and a cookie banner', async () => {
		const { html } = await page(shop('brightly'));
		expect(html).toContain('<meta property="product:price:amount" content="79.95">');
		const [, state = ''] =
			/id="__NEXT_DATA__" type="application\/json">(.*?)<\/script>/s.exec(html) ?? [];
		expect(JSON.parse(state)).toHaveProperty('props.pageProps.product.price.amount', 7995);
		expect(html).toContain('cookies');
	});

	it('Voltaic sends an empty shell, and the price from an API that its script asks', async () => {
		const { html } = await page(shop('voltaic'));
		expect(html).not.toMatch(/94[.,]5/);
		const [, api = ''] = /fetch\('([^']+)'\)/.exec(html) ?? [];
		const item = await fetch(`${world.url}${api}`);
		expect(await item.json()).toMatchObject({ price: 94.5, currency: 'EUR' });
	});

	it('Maison Lente answers, but not before its time', async () => {
		const started = performance.now();
		const { html } = await page(shop('maison-lente'));
		// Timers may fire a millisecond early.
		expect(performance.now() - started).toBeGreaterThanOrEqual(SLOW_MS - 2);
		expect(linkedData(html)).toHaveProperty('@graph.1.offers.lowPrice', 109);
	});

	it('The Lamp Cellar fails with a 500 on one page and serves broken HTML on the other', async () => {
		expect(await page(shop('lamp-cellar'))).toMatchObject({ status: 500 });
		const heron = await page(`${world.url}/shops/lamp-cellar/lamps/heron`);
		expect(heron.status).toBe(200);
		expect(() => linkedData(heron.html)).toThrow(SyntaxError);
		expect(heron.html).toContain('EUR 68,00');
		expect(heron.html).not.toContain('</html>');
	});

	it('Private Reserve is the one folder that robots.txt closes', async () => {
		const robots = await page(`${world.url}/robots.txt`);
		expect(robots.html.match(/^Disallow: .*$/gm)).toEqual(['Disallow: /shops/private-reserve/']);
		expect((await page(shop('private-reserve'))).status).toBe(200);
	});

	it('every picture that a page shows is there', async () => {
		for (const { name, productPath } of SHOPS) {
			const { html } = await page(`${world.url}/shops/${name}${productPath}`);
			for (const [, source = ''] of html.matchAll(/<img[^>]* src="([^"]+)"/g)) {
				const picture = await fetch(new URL(source, world.url));
				expect({ source, status: picture.status }).toEqual({ source, status: 200 });
			}
		}
	});
});

describe('sample product', () => {
	it('has pictures that the world serves, each under 250 KB', async () => {
		for (const { url } of sampleProduct(world.url).media) {
			const answer = await fetch(url);
			const bytes = new Uint8Array(await answer.arrayBuffer());
			expect(answer.headers.get('content-type')).toBe('image/jpeg');
			expect([...bytes.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
			expect(bytes.length).toBeLessThan(250_000);
		}
	});

	it('names the product page of every competitor and a page of its own', async () => {
		const product = sampleProduct(world.url);
		expect(product.attributes.competitorUrls).toEqual(SHOPS.map(({ name }) => shop(name)));
		const own = await page(product.attributes.url);
		expect(linkedData(own.html)).toMatchObject({ name: product.title });
		expect(own.html).toContain(`from 89.00 €`);
	});
});

describe('sample contacts', () => {
	it('are fifty people whose addresses no mail can leave for', () => {
		const contacts = sampleContacts();
		expect(new Set(contacts.map(({ email }) => email)).size).toBe(50);
		for (const { email, name, attributes } of contacts) {
			expect(email).toMatch(/^[a-z]+(\.[a-z]+)+@(example\.(com|org|net)|mail\.example)$/);
			expect(name.startsWith(attributes.firstName)).toBe(true);
			expect(Object.values(attributes)).not.toContain('');
		}
	});
});

it('refuses a port that is taken', async () => {
	const { port } = new URL(world.url);
	await expect(startSampleWorld({ port: Number(port) })).rejects.toMatchObject({
		code: 'EADDRINUSE',
	});
});
