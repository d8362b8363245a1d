import { currencyCode } from '../prices/currencies.ts';
import { fromMinor } from '../prices/money.ts';
import type { Money } from '../prices/money.ts';
import { availabilityOfTerm } from './availability.ts';
import type { Availability } from './availability.ts';
import { clip } from './evidence.ts';
import type { Found, ProductFacts } from './evidence.ts';
import type { PageContext } from './page-context.ts';
import { amountOf } from './schema-offers.ts';
import { absolute } from './schema-product.ts';
import { readStates } from './state-scripts.ts';
import { isThing, numberOf, textOf } from './things.ts';
import type { Thing } from './things.ts';

const maxNodes = 50_000;
const priceKeys = [
	'salePrice',
	'sale_price',
	'currentPrice',
	'current_price',
	'finalPrice',
	'final_price',
	'sellingPrice',
	'specialPrice',
	'special_price',
	'offerPrice',
	'price',
	'priceValue',
	'unitPrice',
	'amount',
	'priceRange',
	'prices',
	'pricing',
];
const minorKeys = [
	'priceInCents',
	'price_in_cents',
	'priceCents',
	'price_cents',
	'centAmount',
	'amount_minor',
	'priceMinor',
];
const currencyKeys = [
	'currency',
	'currencyCode',
	'currency_code',
	'priceCurrency',
	'currencyIso',
	'currency_iso',
	'isoCode',
];
const nameKeys = ['name', 'title', 'productName', 'product_name', 'displayName', 'item_name'];
const imageKeys = [
	'featured_image',
	'image',
	'imageUrl',
	'image_url',
	'mainImage',
	'thumbnail',
	'images',
];

interface Candidate {
	thing: Thing;
	path: string;
	score: number;
}

/**
 * The product in the state that frameworks leave in the page (Next, Nuxt, Redux, Apollo, Shopify).
 * No two shops name things alike, so the object is found by its shape: a name, a price, and what
 * else products have.
 */
export function readEmbeddedState(page: PageContext, known: Money[] = []): ProductFacts {
	let best: Candidate | null = null;
	for (const { data, path } of readStates(page.html)) {
		const found = bestProduct(data, path, page);
		if (found !== null && (best === null || found.score > best.score)) best = found;
	}
	if (best === null) return {};
	const facts = factsOf(best, page);
	if (facts.price) facts.price = { ...facts.price, value: inUnits(facts.price, known) };
	return facts;
}

/** 7995 in a state is 79.95 as often as not; what the page says elsewhere tells which. */
function inUnits({ value, raw }: Found<Money>, known: Money[]): Money {
	if (!/^\d+$/.test(raw)) return value;
	const meant = known.find(({ amount }) => amount === Number(raw));
	return meant === undefined ? value : { ...meant, currency: value.currency ?? meant.currency };
}

function bestProduct(root: unknown, rootPath: string, page: PageContext): Candidate | null {
	let best: Candidate | null = null;
	let nodes = 0;
	const queue: { value: unknown; path: string; depth: number }[] = [
		{ value: root, path: rootPath, depth: 0 },
	];
	for (const { value, path, depth } of queue) {
		if (++nodes > maxNodes || depth > 12) continue;
		if (Array.isArray(value)) {
			value.forEach((item: unknown, at) =>
				queue.push({ value: item, path: `${path}[${at}]`, depth: depth + 1 }),
			);
		} else if (isThing(value)) {
			const score = scoreOf(value, depth, page);
			if (score >= 3 && (best === null || score > best.score)) best = { thing: value, path, score };
			for (const [key, item] of Object.entries(value)) {
				if (typeof item === 'object')
					queue.push({ value: item, path: `${path}.${key}`, depth: depth + 1 });
			}
		}
	}
	return best;
}

function scoreOf(thing: Thing, depth: number, page: PageContext): number {
	const name = pick(thing, nameKeys, textOf)?.value;
	if (name === undefined || readPrice(thing, page) === null) return 0;
	const has = (...keys: string[]) =>
		keys.some((key) => thing[key] !== undefined && thing[key] !== null);
	let score = 2 - depth / 20;
	if ((page.head.title ?? '').toLowerCase().includes(name.toLowerCase())) score += 3;
	if (has('sku', 'gtin', 'ean', 'mpn', 'productId', 'product_id', 'asin')) score += 1;
	if (has('variants', 'offers', 'options', 'stock', 'availability', 'inStock', 'available'))
		score += 1;
	if (has('description', 'brand', 'vendor', 'images', 'image', 'media')) score += 1;
	if (has('quantity', 'cartId', 'lineItems')) score -= 1;
	return score;
}

function factsOf({ thing, path }: Candidate, page: PageContext): ProductFacts {
	const found = <T>(value: T, raw: string, key: string, confidence: number): Found<T> => ({
		value,
		source: 'embedded-state',
		path: `${path}.${key}`,
		raw: clip(raw),
		confidence,
	});
	const facts: ProductFacts = {};
	const name = pick(thing, nameKeys, textOf);
	if (name !== null) facts.name = found(name.value, name.value, name.key, 0.75);
	const price = readPrice(thing, page);
	if (price !== null) {
		facts.price = found(price.money, price.raw, price.key, 0.75 * price.confidence);
	}
	const image = pick(thing, imageKeys, (value) => absolute(textOf(value), page.url));
	if (image !== null) facts.image = found(image.value, image.value, image.key, 0.6);
	const brand = pick(thing, ['brand', 'vendor', 'manufacturer'], textOf);
	if (brand !== null) facts.brand = found(brand.value, brand.value, brand.key, 0.7);
	const sku = pick(thing, ['sku', 'productId', 'product_id', 'mpn'], textOf);
	if (sku !== null) facts.sku = found(sku.value, sku.value, sku.key, 0.7);
	const stock = pick(
		thing,
		[
			'availability',
			'stockStatus',
			'stock_status',
			'inStock',
			'in_stock',
			'isInStock',
			'available',
			'stock',
		],
		stateOf,
	);
	if (stock !== null)
		facts.availability = found(stock.value, String(thing[stock.key]), stock.key, 0.7);
	const rating = pick(
		thing,
		['rating', 'averageRating', 'average_rating', 'ratingValue', 'reviewAverage'],
		numberOf,
	);
	if (rating !== null && rating.value > 0 && rating.value <= 5) {
		facts.rating = found(rating.value, String(rating.value), rating.key, 0.6);
	}
	const count = pick(
		thing,
		['reviewCount', 'review_count', 'reviewsCount', 'numReviews', 'ratingCount'],
		numberOf,
	);
	if (count !== null)
		facts.reviewCount = found(Math.round(count.value), String(count.value), count.key, 0.6);
	return facts;
}

function pick<T>(
	thing: Thing,
	keys: string[],
	read: (value: unknown) => T | null,
): { key: string; value: T } | null {
	for (const key of keys) {
		const value = read(thing[key]);
		if (value !== null) return { key, value };
	}
	return null;
}

function stateOf(value: unknown): Availability | null {
	if (typeof value === 'boolean') return value ? 'in_stock' : 'out_of_stock';
	if (typeof value === 'number') return value > 0 ? 'in_stock' : 'out_of_stock';
	return typeof value === 'string' ? availabilityOfTerm(value) : null;
}

interface StatePrice {
	money: Money;
	raw: string;
	key: string;
	confidence: number;
}

function readPrice(
	thing: Thing,
	page: PageContext,
	depth = 0,
	outer: string | null = null,
): StatePrice | null {
	const currency = currencyCode(pick(thing, currencyKeys, textOf)?.value ?? '') ?? outer;
	const minor = pick(thing, minorKeys, numberOf);
	if (minor !== null && minor.value > 0 && Number.isInteger(minor.value)) {
		const money = fromMinor(minor.value, currency ?? page.countryCurrency);
		return { money, raw: String(minor.value), key: minor.key, confidence: 0.9 };
	}
	// Shopify's product JSON counts in cents; it is known by its `handle` and `variants`.
	const inCents = depth === 0 && thing['handle'] !== undefined && thing['variants'] !== undefined;
	for (const key of priceKeys) {
		const value = thing[key];
		if (inCents && typeof value === 'number' && Number.isInteger(value) && value > 0) {
			const money = fromMinor(value, currency ?? page.countryCurrency);
			return { money, raw: String(value), key, confidence: 0.8 };
		}
		if (isThing(value) && depth < 3) {
			const inner = readPrice(
				{
					...value,
					price:
						value['price'] ?? value['value'] ?? value['amount'] ?? value['current'] ?? value['min'],
				},
				page,
				depth + 1,
				currency,
			);
			if (inner !== null) return { ...inner, key: `${key}.${inner.key}` };
			continue;
		}
		if (typeof value !== 'number' && typeof value !== 'string') continue;
		const amount = amountOf(value, currency, page.countryCurrency);
		if (amount !== null) return { ...amount, key };
	}
	return null;
}
