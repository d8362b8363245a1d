import type { CheerioAPI } from 'cheerio/slim';
import { parsePrice } from '../prices/parse.ts';
import { availabilityOfText } from './availability.ts';
import { clip } from './evidence.ts';
import type { Found, ProductFacts } from './evidence.ts';
import type { PageContext } from './page-context.ts';
import { absolute } from './schema-product.ts';
import { numberOf } from './things.ts';

/** What people see, by the class names that shop systems share; the most specific first. */
const priceSelectors: [string, number][] = [
	[
		'[data-testid*="product-price" i], [data-test*="product-price" i], [data-qa*="product-price" i]',
		0.65,
	],
	['#corePrice_feature_div .a-offscreen, #priceblock_ourprice, #priceblock_dealprice', 0.65],
	[
		'.summary .price ins .amount, .summary .price > .amount, .product-info-price .special-price .price',
		0.65,
	],
	[
		'.product-price ins, .price ins, .price--sale, .price-item--sale, .price__sale .price-item',
		0.6,
	],
	['[data-product-price], [data-price], [data-price-amount]', 0.6],
	[
		'.product__price, .product-price, .product_price, .price-current, .current-price, .price--current',
		0.6,
	],
	[
		'.sale-price, .final-price, .our-price, .offer-price, .actual-price, .now-price, .price-now',
		0.55,
	],
	['#price, #product-price, [id*="product-price" i], .price-box .price, .pdp-price', 0.55],
	['main .price, .product .price, article .price', 0.5],
	['main [class*="price" i], [class*="product" i] [class*="price" i]', 0.4],
	['.price, [class*="price" i]', 0.35],
];
const formerMark =
	'del, s, strike, .old-price, .was-price, .price--compare, [class*="compare" i], [class*="old" i], [class*="was" i], [class*="strike" i], [class*="rrp" i], [class*="msrp" i]';
const elsewhere =
	'[class*="related" i], [class*="recommend" i], [class*="upsell" i], [class*="cross-sell" i], [class*="carousel" i], [class*="mini-cart" i], [class*="shipping" i], [class*="installment" i], [class*="unit-price" i], header, footer, nav, aside';
const stockSelectors =
	'[data-testid*="availability" i], [data-testid*="stock" i], .availability, #availability, .stock, .product-stock, [class*="availability" i], [class*="stock" i], [class*="lieferstatus" i], [class*="delivery-status" i]';
const buttonSelectors =
	'button[name="add"], #add-to-cart, [id*="addtocart" i], [class*="add-to-cart" i], [class*="addtocart" i], form[action*="cart"] button';

export function readSelectors(
	$: CheerioAPI,
	page: PageContext,
	currency: string | null,
): ProductFacts {
	const facts: ProductFacts = {};
	const found = <T>(value: T, raw: string, path: string, confidence: number): Found<T> => ({
		value,
		source: 'selector',
		path,
		raw: clip(raw),
		confidence,
	});
	const heading = $('h1').first().text().trim();
	if (heading !== '') facts.name = found(clip(heading, 300), heading, 'h1', 0.6);

	const price = readPrice($, page, currency);
	if (price !== null) {
		facts.price = found(price.value, price.raw, price.path, price.confidence);
		if (price.original) {
			facts.originalPrice = found(price.original, price.raw, price.path, price.confidence);
		}
	}
	for (const [selectors, confidence] of [
		[stockSelectors, 0.6],
		[buttonSelectors, 0.4],
	] as const) {
		for (const element of $(selectors).not(elsewhere).slice(0, 20).toArray()) {
			const text = clip($(element).text());
			const phrase = text.length > 120 ? null : availabilityOfText(text);
			if (phrase === null) continue;
			facts.availability ??= found(phrase.value, text, pathOf($, $(element)), confidence);
		}
	}
	const label = $(
		'[aria-label*="out of 5" i], [aria-label*="von 5" i], [aria-label*="sur 5" i], [title*="out of 5" i]',
	).first();
	const rated = label.attr('aria-label') ?? label.attr('title');
	const stars = numberOf(/\d+(?:[.,]\d+)?/.exec(rated ?? '')?.[0]);
	if (rated !== undefined && stars !== null && stars <= 5) {
		facts.rating = found(stars, rated, pathOf($, label), 0.5);
	}
	const picture = $(
		'[class*="product" i] img[src], [class*="gallery" i] img[src], main img[src]',
	).first();
	const image = absolute(picture.attr('src') ?? null, page.url);
	if (image !== null) facts.image = found(image, image, pathOf($, picture), 0.4);
	return facts;
}

function readPrice($: CheerioAPI, page: PageContext, currency: string | null) {
	const hints = { currency, countryCurrency: page.countryCurrency };
	for (const [selector, confidence] of priceSelectors) {
		for (const element of $(selector).slice(0, 30).toArray()) {
			const node = $(element);
			if (node.closest(elsewhere).length > 0 || node.closest(formerMark).length > 0) continue;
			const former = node.find(formerMark).first().text();
			const attribute =
				node.attr('data-price-amount') ?? node.attr('data-price') ?? node.attr('content');
			const visible = node.clone().find(`${formerMark}, style, script`).remove().end().text();
			const text = visible.trim() === '' ? (attribute ?? '') : visible;
			if (text.length > 200) continue;
			const parsed = parsePrice(text, hints);
			if (parsed === null || parsed.amount === 0) continue;
			const { decimal, amount } = parsed;
			const original = parsePrice(former, hints) ?? parsed.original ?? null;
			return {
				value: { decimal, amount, currency: parsed.currency },
				original: original === null ? null : money(original),
				raw: text,
				path: pathOf($, node),
				confidence: confidence * parsed.confidence,
			};
		}
	}
	return null;
}

function money({
	decimal,
	amount,
	currency,
}: {
	decimal: string;
	amount: number;
	currency: string | null;
}) {
	return { decimal, amount, currency };
}

/** A short CSS path a person can paste into the browser's console: `div.summary > span#price`. */
export function pathOf($: CheerioAPI, element: ReturnType<CheerioAPI>): string {
	const steps = [element, element.parent()].map((node) => {
		const tag = node.prop('tagName')?.toLowerCase() ?? '';
		const id = node.attr('id');
		if (id !== undefined && id !== '') return `${tag}#${id}`;
		const names = (node.attr('class') ?? '').trim().split(/\s+/).filter(Boolean).slice(0, 2);
		return [tag, ...names].join('.');
	});
	return steps
		.filter((step) => step !== '')
		.reverse()
		.join(' > ');
}

/** The last resort: an amount with a currency sign in the text after the main heading. */
export function readTextPattern(
	$: CheerioAPI,
	page: PageContext,
	currency: string | null,
): ProductFacts {
	const heading = $('h1').first();
	if (heading.length === 0) return {};
	const box = heading.closest('main, article, [class*="product" i], body').first();
	const clone = box.clone();
	clone.find(`script, style, noscript, ${elsewhere}, ${formerMark}`).remove();
	const text = clone.text().replace(/\s+/g, ' ');
	const match =
		/(?:\p{Sc}|\b[A-Z]{3}\b|kr\.?|zł) ?\d[\d., ']*|\d[\d., ']* ?(?:\p{Sc}|\b[A-Z]{3}\b|kr\b|zł|Kč|Ft\b|лв)/u.exec(
			text,
		);
	if (match === null) return {};
	const around = text.slice(Math.max(0, match.index - 30), match.index + match[0].length + 30);
	const parsed = parsePrice(match[0], { currency, countryCurrency: page.countryCurrency });
	if (parsed === null || parsed.amount === 0) return {};
	return {
		price: {
			value: money(parsed),
			source: 'text',
			path: 'text after h1',
			raw: clip(around),
			confidence: 0.25 * parsed.confidence,
		},
	};
}
