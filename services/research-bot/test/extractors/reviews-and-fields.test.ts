import { describe, expect, it } from '@jest/globals';
import { parseDom } from '../../src/extractors/dom.ts';
import { isSelector, readFields } from '../../src/extractors/fields.ts';
import { readJsonLd } from '../../src/extractors/json-ld.ts';
import { readMicrodata } from '../../src/extractors/microdata.ts';
import { pageContext } from '../../src/extractors/page-context.ts';
import { readProduct } from '../../src/extractors/product.ts';
import { readReviews } from '../../src/extractors/reviews.ts';

function reviews(html: string, max = 100) {
	const page = pageContext('https://shop.example/mug', html);
	const roots = [
		{ things: readJsonLd(html), source: 'json-ld' as const },
		{ things: readMicrodata(parseDom(html)), source: 'microdata' as const },
	];
	return readReviews(readProduct(page), roots, () => parseDom(html), max);
}

describe('reviews', () => {
	const review = (author: string, rating: number, body: string) => ({
		'@type': 'Review',
		author: { '@type': 'Person', name: author },
		reviewRating: { ratingValue: rating, bestRating: 10 },
		reviewBody: body,
		datePublished: '2026-01-02',
	});
	const html = `<script type="application/ld+json">${JSON.stringify({
		'@type': 'Product',
		name: 'Mug',
		review: [review('Ann', 8, 'Good'), review('Ann', 8, 'Good'), review('Bob', 2, 'Leaks')],
	})}</script>`;

	it('come from JSON-LD, scaled to five stars, without duplicates', () => {
		expect(reviews(html)).toEqual([
			{
				author: 'Ann',
				rating: 4,
				title: null,
				body: 'Good',
				date: '2026-01-02',
				source: 'json-ld',
				path: 'Product.review[0]',
			},
			{
				author: 'Bob',
				rating: 1,
				title: null,
				body: 'Leaks',
				date: '2026-01-02',
				source: 'json-ld',
				path: 'Product.review[2]',
			},
		]);
	});

	it('stop at the maximum', () => {
		expect(reviews(html, 1)).toHaveLength(1);
	});

	it('come from microdata', () => {
		const found =
			reviews(`<div itemscope itemtype="https://schema.org/Product"><b itemprop="name">Mug</b>
			<div itemprop="review" itemscope itemtype="https://schema.org/Review"><span itemprop="author">Cid</span>
			<div itemprop="reviewRating" itemscope><meta itemprop="ratingValue" content="5"></div>
			<time itemprop="datePublished" datetime="2026-03-04">March</time><p itemprop="reviewBody">Great</p></div></div>`);
		expect(found).toMatchObject([{ author: 'Cid', rating: 5, body: 'Great', date: '2026-03-04' }]);
	});

	it('come from what people see when nothing is marked up', () => {
		const found = reviews(`<div class="review"><h4>Nice</h4><span class="author">Dee</span>
			<span aria-label="4 out of 5 stars"></span><p class="review-text">Holds coffee.</p></div>`);
		expect(found).toMatchObject([
			{ author: 'Dee', rating: 4, title: 'Nice', body: 'Holds coffee.', source: 'selector' },
		]);
	});
});

describe('custom fields', () => {
	const html = `<html lang="de"><body><h1> Red <b>Mug</b> </h1><a class="manual" href="/manual.pdf">Manual</a>
		<td class="weight">1,5 kg</td><span class="uvp">UVP 1.299,00 €</span><ul><li>a</li><li>b</li></ul><img data-zoom="/z.jpg"></body></html>`;
	const page = pageContext('https://shop.example/mug', html);
	const read = (request: Parameters<typeof readFields>[2][number]) =>
		readFields(parseDom(html), page, [request]);

	it.each([
		[{ name: 'x', selector: 'h1', type: 'text' as const }, 'Red Mug'],
		[{ name: 'x', selector: 'h1', type: 'html' as const }, 'Red <b>Mug</b>'],
		[{ name: 'x', selector: '.manual', type: 'url' as const }, 'https://shop.example/manual.pdf'],
		[
			{ name: 'x', selector: 'img', attribute: 'data-zoom', type: 'url' as const },
			'https://shop.example/z.jpg',
		],
		[{ name: 'x', selector: '.weight', type: 'number' as const }, 1.5],
		[
			{ name: 'x', selector: '.uvp', type: 'price' as const },
			{ decimal: '1299.00', amount: 129900, currency: 'EUR' },
		],
		[{ name: 'x', selector: 'li', type: 'text' as const, all: true }, ['a', 'b']],
		[{ name: 'x', selector: 'li', type: 'text' as const }, 'a'],
	])('%j is %j', (request, expected) => {
		expect(read(request).values['x']).toEqual(expected);
	});

	it('carry evidence', () => {
		expect(read({ name: 'x', selector: '.uvp', type: 'price' }).evidence['fields.x']).toMatchObject(
			{
				source: 'selector',
				path: '.uvp',
				raw: 'UVP 1.299,00 €',
			},
		);
	});

	it('that are not found are named', () => {
		expect(read({ name: 'x', selector: '.gone', type: 'text' })).toEqual({
			values: { x: null },
			evidence: {},
			missing: ['x'],
		});
	});

	it.each([
		['h1', true],
		['a[href^="/x"] > b', true],
		['h1[', false],
		['<b>', false],
		[':nope(', false],
	])('the selector %s is readable: %s', (selector, expected) => {
		expect(isSelector(selector)).toBe(expected);
	});
});
