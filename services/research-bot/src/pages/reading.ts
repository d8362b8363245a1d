import type { CheerioAPI } from 'cheerio/slim';
import type { Evidence } from '../extractors/consensus.ts';
import type { ProductValues, Review } from '../extractors/evidence.ts';
import { readFields } from '../extractors/fields.ts';
import type { FieldReading, FieldRequest, FieldValue } from '../extractors/fields.ts';
import { readJsonLd } from '../extractors/json-ld.ts';
import { readMicrodata } from '../extractors/microdata.ts';
import { pageContext } from '../extractors/page-context.ts';
import type { PageContext } from '../extractors/page-context.ts';
import { lazyDom, readProduct } from '../extractors/product.ts';
import type { ProductReading } from '../extractors/product.ts';
import { readReviews } from '../extractors/reviews.ts';
import { diagnosis } from './diagnosis.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { FetchedPage } from './page.ts';
import { symptomOf } from './symptoms.ts';

export interface ReadingRequest {
	extract: 'product' | 'reviews';
	fields: FieldRequest[];
	maxReviews: number;
	locale?: string | undefined;
}

/** What a page gave. `partial`: something, but not all that was asked for; `failed`: nothing. */
export interface PageReading {
	status: 'ok' | 'partial' | 'failed';
	product: Partial<ProductValues>;
	/** By field name; custom fields under `fields.<name>`. */
	evidence: Record<string, Evidence>;
	reviews: Review[] | null;
	fields: Record<string, FieldValue | FieldValue[] | null> | null;
	diagnosis: Diagnosis | null;
}

/** Reads a fetched page; says why when it gives less than was asked for. */
export function readPage(page: FetchedPage, request: ReadingRequest): PageReading {
	if (page.status >= 400) {
		const cause = symptomOf(page) ?? diagnosis('http_error', `The site answered ${page.status}.`);
		return { ...nothing, diagnosis: cause };
	}
	const context = pageContext(page.url, page.html);
	const dom = lazyDom(context);
	const product = readProduct(context, dom);
	const fields = request.fields.length > 0 ? readFields(dom(), context, request.fields) : null;
	const reviews =
		request.extract === 'reviews' ? reviewsOf(page, product, dom, request.maxReviews) : null;
	const reading: PageReading = {
		status: 'ok',
		product: product.product,
		evidence: { ...definedOnly(product.evidence), ...fields?.evidence },
		reviews,
		fields: fields?.values ?? null,
		diagnosis: null,
	};
	const fault = faultOf(page, request, { product, fields, reviews });
	if (fault !== null) {
		const useful =
			product.product.price !== undefined ||
			(product.looksLikeProduct && product.product.name !== undefined) ||
			(reviews ?? []).length > 0 ||
			Object.keys(fields?.evidence ?? {}).length > 0;
		return { ...reading, status: useful ? 'partial' : 'failed', diagnosis: fault };
	}
	const otherLanguage = languageFault(context, request.locale);
	if (otherLanguage !== null) return { ...reading, status: 'partial', diagnosis: otherLanguage };
	return reading;
}

/** The result of a page that could not be had. */
export const nothing: PageReading = {
	status: 'failed',
	product: {},
	evidence: {},
	reviews: null,
	fields: null,
	diagnosis: null,
};

function reviewsOf(
	page: FetchedPage,
	product: ProductReading,
	dom: () => CheerioAPI,
	max: number,
): Review[] {
	const roots = [{ things: readJsonLd(page.html), source: 'json-ld' as const }];
	const microdata = page.html.includes('itemprop')
		? [{ things: readMicrodata(dom()), source: 'microdata' as const }]
		: [];
	return readReviews(product, [...roots, ...microdata], dom, max);
}

interface Findings {
	product: ProductReading;
	fields: FieldReading | null;
	reviews: Review[] | null;
}

/** Why the page gave less than was asked for; null when it gave all. */
function faultOf(page: FetchedPage, request: ReadingRequest, found: Findings): Diagnosis | null {
	const { product, fields, reviews } = found;
	if (reviews !== null) {
		if (reviews.length === 0 && product.product.reviewCount !== 0) {
			return symptomOf(page) ?? diagnosis('no_reviews', 'No reviews were found in the page.');
		}
	} else if (product.product.price === undefined && !onlyFields(request, fields)) {
		return product.listing > 0 ? productFault(product) : (symptomOf(page) ?? productFault(product));
	}
	if (fields !== null && fields.missing.length > 0) {
		const detail = `Nothing was found for ${fields.missing.join(', ')}.`;
		// A page that shows its price is there; only the selectors are wrong.
		const symptom = product.product.price === undefined ? symptomOf(page) : null;
		return symptom ?? diagnosis('selector_drift', detail);
	}
	return null;
}

/** A caller that names its own fields and gets them all is content without a price. */
function onlyFields(request: ReadingRequest, fields: FieldReading | null): boolean {
	return request.fields.length > 0 && fields !== null && fields.missing.length === 0;
}

function productFault({ product, listing, looksLikeProduct }: ProductReading): Diagnosis {
	if (listing > 0) return diagnosis('listing_page', `The page lists ${listing} products.`);
	if (product.availability === 'out_of_stock' || product.availability === 'discontinued') {
		return diagnosis('no_price', `The product is ${product.availability.replaceAll('_', ' ')}.`);
	}
	return looksLikeProduct || product.availability !== undefined
		? diagnosis('selector_drift', 'It looks like a product page, but no price was found in it.')
		: diagnosis('not_a_product', 'Neither structured data nor a price was found.');
}

function languageFault(context: PageContext, locale: string | undefined): Diagnosis | null {
	const wanted = locale?.slice(0, 2).toLowerCase();
	const given = context.head.lang?.slice(0, 2).toLowerCase();
	if (wanted === undefined || given === undefined || wanted === given) return null;
	return diagnosis('wrong_locale', `The page is in "${context.head.lang}", not in "${locale}".`);
}

function definedOnly<T>(record: Partial<Record<string, T>>): Record<string, T> {
	const kept: Record<string, T> = {};
	for (const [key, value] of Object.entries(record)) if (value !== undefined) kept[key] = value;
	return kept;
}
