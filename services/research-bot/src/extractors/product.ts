import type { CheerioAPI } from 'cheerio/slim';
import { consensus } from './consensus.ts';
import type { Consensus } from './consensus.ts';
import { parseDom } from './dom.ts';
import { readEmbeddedState } from './embedded-state.ts';
import type { ProductFacts, Source } from './evidence.ts';
import { readJsonLd } from './json-ld.ts';
import { readMicrodata } from './microdata.ts';
import { isProductType, readOpenGraph } from './open-graph.ts';
import type { PageContext } from './page-context.ts';
import { readSchemaProduct } from './schema-product.ts';
import type { SchemaProduct } from './schema-product.ts';
import { readSelectors, readTextPattern } from './selectors.ts';

export interface ProductReading extends Consensus {
	/** The schema.org product, where there is one: its reviews are read from it. */
	schema: { product: SchemaProduct; source: Source } | null;
	/** Products in the structured data, when the page is a list and not about one of them. */
	listing: number;
	/** Whether anything marks the page as a product page. */
	looksLikeProduct: boolean;
}

/**
 * Reads the product of a page. The cheap layers (JSON-LD, OpenGraph; no DOM) come first and suffice
 * when they are complete and agree; otherwise microdata, embedded state, selectors and the text are
 * asked as well, and the consensus of all decides.
 *
 * @param dom the page's DOM, if the caller has need of it anyway
 */
export function readProduct(
	page: PageContext,
	dom: () => CheerioAPI = lazyDom(page),
): ProductReading {
	const jsonLd = readSchemaProduct(readJsonLd(page.html), 'json-ld', page);
	const openGraph = readOpenGraph(page);
	const schema = jsonLd.product && { product: jsonLd.product, source: 'json-ld' as const };
	const facts = jsonLd.product?.facts ?? {};
	if (isComplete(facts) && !disagree(facts, openGraph)) {
		return { ...consensus([facts, openGraph]), schema, listing: 0, looksLikeProduct: true };
	}

	const microdata = page.html.includes('itemprop')
		? readSchemaProduct(readMicrodata(dom()), 'microdata', page)
		: { product: null, listing: 0 };
	const layers: ProductFacts[] = [facts, openGraph, microdata.product?.facts ?? {}];
	const currency =
		layers.find((layer) => layer.price?.value.currency)?.price?.value.currency ?? null;
	const listing = Math.max(jsonLd.listing, microdata.listing);
	const isListing = listing > 0 && jsonLd.product === null && microdata.product === null;
	if (!isListing) layers.push(readSelectors(dom(), page, currency));
	layers.push(
		readEmbeddedState(
			page,
			layers.flatMap((layer) => layer.price?.value ?? []),
		),
	);
	if (!isListing && !layers.some((layer) => layer.price)) {
		layers.push(readTextPattern(dom(), page, currency));
	}
	const micro = microdata.product && { product: microdata.product, source: 'microdata' as const };
	return {
		...consensus(layers),
		schema: schema ?? micro,
		listing: isListing ? listing : 0,
		looksLikeProduct:
			schema !== null ||
			micro !== null ||
			isProductType(page) ||
			layers.some((layer) => layer.price),
	};
}

export function lazyDom(page: PageContext): () => CheerioAPI {
	let dom: CheerioAPI | undefined;
	return () => (dom ??= parseDom(page.html));
}

function isComplete(facts: ProductFacts): boolean {
	return Boolean(facts.name && facts.price?.value.currency && facts.availability);
}

function disagree(a: ProductFacts, b: ProductFacts): boolean {
	return Boolean(a.price && b.price && a.price.value.decimal !== b.price.value.decimal);
}
