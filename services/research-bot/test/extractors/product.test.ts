import { describe, expect, it } from '@jest/globals';
import { pageContext } from '../../src/extractors/page-context.ts';
import { readProduct } from '../../src/extractors/product.ts';
import type { ProductReading } from '../../src/extractors/product.ts';

function read(html: string, url = 'https://shop.example/products/mug'): ProductReading {
	return readProduct(pageContext(url, html));
}

function ld(data: unknown): string {
	const text = typeof data === 'string' ? data : JSON.stringify(data);
	return `<html><head><title>Mug | Shop</title><script type="application/ld+json">${text}</script></head><body><h1>Mug</h1></body></html>`;
}

const offer = {
	'@type': 'Offer',
	price: '49.99',
	priceCurrency: 'EUR',
	availability: 'https://schema.org/InStock',
};
const mug = { '@context': 'https://schema.org', '@type': 'Product', name: 'Mug', offers: offer };
const eur4999 = { decimal: '49.99', amount: 4999, currency: 'EUR' };

describe('JSON-LD', () => {
	it('gives name, price, availability, rating, review count, image and identifiers', () => {
		const { product, evidence } = read(
			ld({
				...mug,
				image: ['/img/mug.jpg', '/img/mug2.jpg'],
				brand: { '@type': 'Brand', name: 'Potter &amp; Sons' },
				sku: 'M-1',
				gtin13: '4006381333931',
				aggregateRating: { ratingValue: '9,2', bestRating: 10, reviewCount: '1,234' },
			}),
		);
		expect(product).toEqual({
			name: 'Mug',
			price: eur4999,
			availability: 'in_stock',
			rating: 4.6,
			reviewCount: 1234,
			image: 'https://shop.example/img/mug.jpg',
			brand: 'Potter & Sons',
			sku: 'M-1',
			gtin: '4006381333931',
		});
		expect(evidence.price).toMatchObject({
			source: 'json-ld',
			path: 'Product.offers.price',
			raw: '49.99',
			confidence: 0.95,
		});
	});

	it.each<[string, unknown]>([
		['in an @graph', { '@graph': [{ '@type': 'WebSite' }, mug] }],
		['in an array', [{ '@type': 'BreadcrumbList' }, mug]],
		['as main entity', { '@type': 'ItemPage', mainEntity: mug }],
		['with a typed URL', { ...mug, '@type': ['http://schema.org/Product', 'Thing'] }],
		['with offers in an array', { ...mug, offers: [offer] }],
		['with a numeric price', { ...mug, offers: { ...offer, price: 49.99 } }],
		['with a German price', { ...mug, offers: { ...offer, price: '49,99 €' } }],
		['with four decimals', { ...mug, offers: { ...offer, price: '49.9900' } }],
		[
			'with a price specification',
			{
				...mug,
				offers: {
					'@type': 'Offer',
					availability: 'InStock',
					priceSpecification: { price: 49.99, priceCurrency: 'EUR' },
				},
			},
		],
		[
			'with offers by reference',
			{
				'@graph': [
					{ ...mug, offers: { '@id': '#offer' } },
					{ '@id': '#offer', ...offer },
				],
			},
		],
		[
			'with a member price',
			{ ...mug, offers: { ...offer, priceSpecification: [{ price: 39, validForMemberTier: {} }] } },
		],
		[
			'with a used offer',
			{
				...mug,
				offers: [
					offer,
					{ ...offer, price: '9.00', itemCondition: 'https://schema.org/UsedCondition' },
				],
			},
		],
		[
			'with a sold-out cheaper offer',
			{ ...mug, offers: [{ ...offer, price: '9.00', availability: 'OutOfStock' }, offer] },
		],
		[
			'with an aggregate',
			{
				...mug,
				offers: {
					'@type': 'AggregateOffer',
					lowPrice: '49.99',
					highPrice: '59.99',
					priceCurrency: 'EUR',
					availability: 'InStock',
				},
			},
		],
	])('is read %s', (_how, data) => {
		expect(read(ld(data)).product).toMatchObject({
			name: 'Mug',
			price: eur4999,
			availability: 'in_stock',
		});
	});

	it.each([
		['a trailing comma', JSON.stringify(mug).replace(/}$/, ',}')],
		[
			'raw line breaks in a text',
			JSON.stringify({ ...mug, description: 'a b' }).replace('a b', 'a\nb\tc'),
		],
		['HTML entities', JSON.stringify(mug).replaceAll('"', '&quot;')],
		['an HTML comment', `<!-- ${JSON.stringify(mug)} -->`],
		['CDATA', `//<![CDATA[\n${JSON.stringify(mug)}\n//]]>`],
		['a semicolon', `${JSON.stringify(mug)};`],
	])('survives %s', (_fault, text) => {
		expect(read(ld(text)).product.price).toEqual(eur4999);
	});

	it('takes the product the page is about, not the related ones', () => {
		const related = { ...mug, name: 'Plate', offers: { ...offer, price: '5.00' } };
		expect(read(ld([related, mug, related])).product.name).toBe('Mug');
		const byUrl = [related, { ...mug, name: 'Cup', url: 'https://shop.example/products/mug/' }];
		expect(read(ld(byUrl)).product.name).toBe('Cup');
	});

	it('lists the variants of a group and offers the lowest price', () => {
		const variant = (sku: string, price: string) => ({
			'@type': 'Product',
			name: `Mug ${sku}`,
			sku,
			offers: { ...offer, price },
		});
		const group = {
			'@type': 'ProductGroup',
			name: 'Mug',
			hasVariant: [variant('red', '59.99'), variant('blue', '49.99')],
		};
		const { product } = read(ld(group));
		expect(product).toMatchObject({ price: eur4999, highPrice: { amount: 5999 } });
		expect(product.variants).toHaveLength(2);
		expect(product.variants?.[1]).toEqual({
			name: 'Mug blue',
			sku: 'blue',
			price: eur4999,
			availability: 'in_stock',
		});
	});

	it('says that a list of products is a list', () => {
		const item = (name: string) => ({ '@type': 'ListItem', item: { ...mug, name } });
		const reading = read(
			ld({ '@type': 'ItemList', itemListElement: [item('Fork'), item('Knife'), item('Spoon')] }),
		);
		expect(reading.listing).toBe(3);
		expect(reading.product.price).toBeUndefined();
	});

	it('keeps the list price apart', () => {
		const specification = [
			{ priceType: 'https://schema.org/StrikethroughPrice', price: 59.99, priceCurrency: 'EUR' },
			{ price: 49.99, priceCurrency: 'EUR' },
		];
		const { product } = read(
			ld({ ...mug, offers: { '@type': 'Offer', priceSpecification: specification } }),
		);
		expect(product).toMatchObject({ price: eur4999, originalPrice: { amount: 5999 } });
	});

	it('does not take a price of zero', () => {
		expect(read(ld({ ...mug, offers: { ...offer, price: '0.00' } })).product.price).toBeUndefined();
	});
});

describe('microdata', () => {
	it('reads nested items by the value rules of HTML', () => {
		const { product, evidence } = read(`<html lang="de"><body>
			<div itemscope itemtype="https://schema.org/Product">
				<h1 itemprop="name">Becher</h1><img itemprop="image" src="/b.jpg">
				<span itemprop="brand" itemscope itemtype="https://schema.org/Brand"><b itemprop="name">Töpfer</b></span>
				<div itemprop="offers" itemscope itemtype="https://schema.org/Offer">
					<span itemprop="price" content="49.99">49,99 €</span><meta itemprop="priceCurrency" content="EUR">
					<link itemprop="availability" href="https://schema.org/OutOfStock">
				</div>
				<div itemprop="aggregateRating" itemscope itemtype="https://schema.org/AggregateRating">
					<span itemprop="ratingValue">4,5</span>/<span itemprop="bestRating">5</span> (<span itemprop="reviewCount">12</span>)
				</div>
			</div></body></html>`);
		expect(product).toMatchObject({
			name: 'Becher',
			price: eur4999,
			availability: 'out_of_stock',
			brand: 'Töpfer',
			rating: 4.5,
			reviewCount: 12,
			image: 'https://shop.example/b.jpg',
		});
		expect(evidence.price?.source).toBe('microdata');
	});

	it('follows itemref', () => {
		const { product } =
			read(`<div itemscope itemtype="http://schema.org/Product" itemref="the:offer">
			<span itemprop="name">Mug</span></div>
			<div id="the:offer" itemprop="offers" itemscope itemtype="http://schema.org/Offer">
			<span itemprop="price">$49.99</span></div>`);
		expect(product.price).toMatchObject({ decimal: '49.99', currency: 'USD' });
	});
});

describe('OpenGraph', () => {
	it('is read in any order of attributes', () => {
		const { product, evidence } = read(`<html><head>
			<meta content="Mug" property="og:title"><meta property='og:type' content='product'>
			<meta property="product:price:amount" content="49.99"/><meta property="product:price:currency" content="EUR"/>
			<meta property="product:availability" content="in stock"><meta property="og:image" content="https://cdn.example/m.jpg">
			</head><body></body></html>`);
		expect(product).toMatchObject({
			name: 'Mug',
			price: eur4999,
			availability: 'in_stock',
			image: 'https://cdn.example/m.jpg',
		});
		expect(evidence.price?.path).toBe('meta[product:price:amount]');
	});
});

describe('embedded state', () => {
	const next = (props: unknown) =>
		`<html lang="en-GB"><head><title>Mug</title></head><body><div id="__next"></div><script id="__NEXT_DATA__" type="application/json">${JSON.stringify({ props })}</script></body></html>`;

	it('finds the product of a Next page by its shape', () => {
		const { product, evidence } = read(
			next({
				menu: [{ name: 'Sale', price: '1.00' }],
				pageProps: {
					product: {
						name: 'Mug',
						sku: 'M1',
						price: { value: 49.99, currency: 'GBP' },
						inStock: true,
						images: [{ url: '/m.jpg' }],
					},
					related: [{ name: 'Plate', sku: 'P', price: { value: 5, currency: 'GBP' } }],
				},
			}),
		);
		expect(product).toMatchObject({
			name: 'Mug',
			price: { decimal: '49.99', currency: 'GBP' },
			availability: 'in_stock',
			sku: 'M1',
		});
		expect(evidence.price).toMatchObject({
			source: 'embedded-state',
			path: '__NEXT_DATA__.props.pageProps.product.price.price',
		});
	});

	it('knows that Shopify counts in cents', () => {
		const product = {
			title: 'Mug',
			handle: 'mug',
			vendor: 'Potter',
			price: 4999,
			available: true,
			variants: [{}],
		};
		const html = `<html lang="de"><head><title>Mug</title></head><body><script type="application/json" data-product-json>${JSON.stringify(product)}</script></body></html>`;
		expect(read(html).product).toMatchObject({
			price: eur4999,
			availability: 'in_stock',
			brand: 'Potter',
		});
	});

	it('reads objects assigned in scripts', () => {
		const html = `<html><head><title>Mug</title></head><body><script>window.__INITIAL_STATE__ = {"p":{"title":"Mug","sku":"1","priceInCents":4999,"currency":"EUR","note":"};"}};</script></body></html>`;
		expect(read(html).product.price).toEqual(eur4999);
	});
});

describe('what people see', () => {
	it('is read by the class names of shops, without the struck-out price', () => {
		const { product, evidence } =
			read(`<html lang="de-DE"><body><header><span class="price">Warenkorb 0,00 €</span></header>
			<main class="product"><h1>Becher</h1><p class="price"><del>59,99 €</del> <ins>49,99 €</ins></p>
			<p class="stock">Nur noch 3 auf Lager</p></main>
			<section class="related"><span class="price">5,00 €</span></section></body></html>`);
		expect(product).toMatchObject({ name: 'Becher', price: eur4999, availability: 'limited' });
		expect(evidence.price?.source).toBe('selector');
		expect(evidence.price?.confidence).toBeLessThan(0.7);
	});

	it('keeps the struck-out price as the original one', () => {
		const { product } = read(`<html><body><main class="product"><h1>Mug</h1>
			<div class="product-price">$49.99 <s>$59.99</s></div></main></body></html>`);
		expect(product).toMatchObject({ price: { amount: 4999 }, originalPrice: { amount: 5999 } });
	});

	it('falls back to an amount in the text, with little confidence', () => {
		const { product, evidence } = read(
			`<html><body><main><h1>Mug</h1><p>A fine mug for 49,99 € only.</p></main></body></html>`,
		);
		expect(product.price).toEqual(eur4999);
		expect(evidence.price).toMatchObject({ source: 'text' });
		expect(evidence.price?.confidence).toBeLessThan(0.3);
	});
});

describe('consensus', () => {
	const page = (
		ldPrice: string,
		ogPrice: string,
		visible: string,
	) => `<html><head><title>Mug</title>
		<meta property="og:title" content="Mug | Shop"><meta property="product:price:amount" content="${ogPrice}"><meta property="product:price:currency" content="EUR">
		<script type="application/ld+json">${JSON.stringify({ ...mug, offers: { ...offer, price: ldPrice } })}</script></head>
		<body><main class="product"><h1>Mug</h1><span class="product-price">${visible}</span></main></body></html>`;

	it('believes a price more when two places agree', () => {
		const one = read(ld(mug)).evidence.price;
		const two = read(page('49.99', '49.99', '49,99 €')).evidence.price;
		expect(two?.agreeing).toEqual(['open-graph']);
		expect(two?.confidence).toBeGreaterThan(one?.confidence ?? 1);
	});

	it('lets the majority overrule a stale place, and names the dissenter', () => {
		const { product, evidence } = read(page('59.99', '49.99', '49,99 €'));
		expect(product.price).toEqual(eur4999);
		expect(evidence.price?.disagreeing).toMatchObject([{ source: 'json-ld', raw: '59.99' }]);
		const single = read(ld({ ...mug, offers: { ...offer, price: '59.99' } })).evidence.price;
		expect(evidence.price?.confidence).toBeLessThan(single?.confidence ?? 0);
	});

	it('finds nothing on a page without a product', () => {
		const reading = read(
			'<html><head><title>About us</title></head><body><h1>About us</h1><p>Since 1990.</p></body></html>',
		);
		expect(reading.product).toEqual({ name: 'About us' });
		expect(reading.looksLikeProduct).toBe(false);
	});
});
