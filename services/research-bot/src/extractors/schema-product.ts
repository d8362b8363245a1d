import { readOffers } from './schema-offers.ts';
import type { Offer } from './schema-offers.ts';
import { clip } from './evidence.ts';
import type { Found, ProductFacts, Source, Variant } from './evidence.ts';
import type { PageContext } from './page-context.ts';
import { findThings, isThing, list, numberOf, textOf } from './things.ts';
import type { Placed, Thing } from './things.ts';

const productTypes =
	/^(?:Product|ProductGroup|ProductModel|IndividualProduct|SomeProducts|Vehicle|Car|Motorcycle|Book|SoftwareApplication)$/;

export interface SchemaProduct {
	facts: ProductFacts;
	thing: Thing;
	path: string;
}

/**
 * The product a page is about, among all products its structured data names (related ones, lists).
 * `listing` is the number of products when the page is a list and none of them is its subject.
 */
export function readSchemaProduct(
	roots: Thing[],
	source: Source,
	page: PageContext,
): { product: SchemaProduct | null; listing: number } {
	const products = findThings(roots, (types) => types.some((type) => productTypes.test(type)));
	const ranked = products
		.map((placed, at) => ({ placed, score: score(placed, page) - at / 1000 }))
		.sort((a, b) => b.score - a.score);
	const best = ranked[0];
	if (best === undefined) return { product: null, listing: 0 };
	if (best.placed.listed && best.score < 3 && products.length > 1) {
		return { product: null, listing: products.length };
	}
	const { thing, path } = best.placed;
	return { product: { facts: factsOf(thing, path, source, page), thing, path }, listing: 0 };
}

function score({ thing, listed }: Placed, page: PageContext): number {
	const name = textOf(thing['name'])?.toLowerCase();
	const title = `${page.head.title ?? ''} ${page.head.metas.get('og:title') ?? ''}`.toLowerCase();
	const url = textOf(thing['url'] ?? thing['@id']);
	let points = listed ? -2 : 1;
	if (name !== undefined && name !== '' && title.includes(name)) points += 3;
	if (url !== null && samePage(url, page)) points += 3;
	if (thing['offers'] !== undefined || thing['hasVariant'] !== undefined) points += 1;
	return points;
}

function samePage(url: string, page: PageContext): boolean {
	return [page.url, page.head.canonical].some(
		(other) => other !== null && pathOf(url, page.url) === pathOf(other, page.url),
	);
}

function pathOf(url: string, base: string): string | null {
	if (!URL.canParse(url, base)) return null;
	const { pathname } = new URL(url, base);
	return pathname === '/' ? null : pathname.replace(/\/$/, '');
}

const trust: Partial<Record<Source, number>> = { 'json-ld': 0.95, microdata: 0.9 };

function factsOf(thing: Thing, path: string, source: Source, page: PageContext): ProductFacts {
	const base = trust[source] ?? 0.8;
	const found = <T>(value: T, raw: string, at: string, factor = 1): Found<T> => ({
		value,
		source,
		path: at,
		raw: clip(raw),
		confidence: base * factor,
	});
	const facts: ProductFacts = {};
	const text = (keys: string[], read = textOf) => {
		for (const key of keys) {
			const value = read(thing[key]);
			if (value !== null) return found(value, value, `${path}.${key}`);
		}
		return undefined;
	};
	const name = text(['name']);
	const brand = text(['brand', 'manufacturer']);
	const sku = text(['sku', 'productID', 'mpn']);
	const gtin = text(['gtin13', 'gtin', 'gtin14', 'gtin12', 'gtin8', 'isbn']);
	const description = text(['description']);
	const image = text(['image'], (value) => absolute(textOf(value), page.url));
	if (name) facts.name = name;
	if (brand) facts.brand = brand;
	if (sku) facts.sku = sku;
	if (gtin) facts.gtin = gtin;
	if (description) facts.description = { ...description, value: clip(description.value, 2000) };
	if (image) facts.image = image;

	const variantNodes = list(thing['hasVariant']).filter(isThing);
	const variants = variantNodes.map((node, at) => ({
		node,
		offers: readOffers(node['offers'], `${path}.hasVariant[${at}].offers`, page.countryCurrency),
	}));
	const own = readOffers(thing['offers'], `${path}.offers`, page.countryCurrency);
	const offers = [...own, ...variants.flatMap((variant) => variant.offers)];
	addOffers(facts, offers, found);
	if (variants.length > 0) {
		const value = variants.map(({ node, offers: [offer] }): Variant => ({
			name: textOf(node['name']),
			sku: textOf(node['sku']),
			price: offer?.price ?? null,
			availability: offer?.availability?.value ?? null,
		}));
		facts.variants = found(value, `${value.length} variants`, `${path}.hasVariant`);
	}
	addRating(facts, thing, path, found);
	return facts;
}

type Finder = <T>(value: T, raw: string, at: string, factor?: number) => Found<T>;

/** The price is the lowest of the new, available offers; of all offers when none is available. */
function addOffers(facts: ProductFacts, offers: Offer[], found: Finder): void {
	const priced = offers.filter((offer) => offer.price !== null);
	const fresh = priced.filter((offer) => !offer.isUsed);
	const usable = fresh.length > 0 ? fresh : priced;
	const unavailable = new Set(['out_of_stock', 'discontinued']);
	const available = usable.filter((o) => !unavailable.has(o.availability?.value ?? ''));
	const pool = available.length > 0 ? available : usable;
	const [first] = pool;
	if (first !== undefined) {
		const lowest = pool.reduce((a, b) => (amount(b) < amount(a) ? b : a), first);
		const highest = Math.max(...pool.map((offer) => offer.high?.amount ?? amount(offer)));
		const differs = highest > amount(lowest);
		const top =
			pool.find((o) => o.high?.amount === highest)?.high ??
			pool.find((o) => o.price?.amount === highest)?.price;
		if (lowest.price !== null) {
			const factor = lowest.confidence * (differs ? 0.95 : 1);
			facts.price = found(lowest.price, lowest.raw, lowest.path, factor);
			if (differs && top) facts.highPrice = found(top, top.decimal, lowest.path);
		}
		if (lowest.original !== null) {
			const { money, raw, path } = lowest.original;
			facts.originalPrice = found(money, raw, path);
		}
	}
	const states = (pool.length > 0 ? pool : offers).flatMap((o) => o.availability ?? []);
	const state = states.find(({ value }) => value === 'in_stock') ?? states[0];
	if (state !== undefined) facts.availability = found(state.value, state.raw, state.path);
}

function amount(offer: Offer): number {
	return offer.price?.amount ?? Number.POSITIVE_INFINITY;
}

function addRating(facts: ProductFacts, thing: Thing, path: string, found: Finder): void {
	const node = list(thing['aggregateRating']).find(isThing);
	if (node === undefined) return;
	const here = `${path}.aggregateRating`;
	const rating = ratingOf(node);
	if (rating !== null) {
		facts.rating = found(rating, textOf(node['ratingValue']) ?? '', `${here}.ratingValue`);
	}
	for (const key of ['reviewCount', 'ratingCount']) {
		const count = numberOf(node[key]);
		if (count === null) continue;
		facts.reviewCount = found(Math.round(count), String(count), `${here}.${key}`);
		return;
	}
}

/** `ratingValue` on a scale of 0 to 5 (`bestRating` is 5 unless the node says otherwise). */
export function ratingOf(node: Thing): number | null {
	const value = numberOf(node['ratingValue']);
	if (value === null) return null;
	const best = numberOf(node['bestRating']) ?? (value > 5 ? (value > 10 ? 100 : 10) : 5);
	const scaled = best > 0 ? (value / best) * 5 : value;
	return scaled >= 0 && scaled <= 5 ? Math.round(scaled * 100) / 100 : null;
}

export function absolute(url: string | null, base: string): string | null {
	if (url === null || !URL.canParse(url, base)) return null;
	const parsed = new URL(url, base);
	return parsed.protocol === 'http:' || parsed.protocol === 'https:' ? parsed.href : null;
}
