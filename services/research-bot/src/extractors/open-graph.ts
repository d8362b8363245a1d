import { currencyCode } from '../prices/currencies.ts';
import { availabilityOfTerm } from './availability.ts';
import { clip } from './evidence.ts';
import type { Found, ProductFacts } from './evidence.ts';
import type { PageContext } from './page-context.ts';
import { amountOf } from './schema-offers.ts';
import { absolute } from './schema-product.ts';

const priceKeys = [
	'product:sale_price:amount',
	'product:price:amount',
	'og:price:amount',
	'product:price',
	'twitter:data1',
];
const currencyKeys = [
	'product:sale_price:currency',
	'product:price:currency',
	'og:price:currency',
	'product:currency',
];

/** OpenGraph, Facebook product and Twitter card tags. */
export function readOpenGraph(page: PageContext): ProductFacts {
	const { metas } = page.head;
	const facts: ProductFacts = {};
	const found = <T>(key: string, value: T, confidence: number): Found<T> => ({
		value,
		source: 'open-graph',
		path: `meta[${key}]`,
		raw: clip(metas.get(key) ?? ''),
		confidence,
	});
	const first = (keys: string[]) => keys.find((key) => metas.has(key));
	const value = (key: string | undefined) => (key === undefined ? undefined : metas.get(key));

	const currency = currencyCode(value(first(currencyKeys)) ?? '');
	for (const key of priceKeys) {
		const raw = metas.get(key);
		// The Twitter card's first datum is anything; only with a currency sign is it a price.
		if (raw === undefined || (key === 'twitter:data1' && !/\p{Sc}/u.test(raw))) continue;
		const amount = amountOf(raw, currency, page.countryCurrency);
		if (amount === null) continue;
		facts.price = found(key, amount.money, 0.85 * amount.confidence);
		break;
	}
	const formerKey = first(['product:original_price:amount', 'og:price:standard_amount']);
	const former = amountOf(value(formerKey), currency, page.countryCurrency);
	if (formerKey !== undefined && former !== null) {
		facts.originalPrice = found(formerKey, former.money, 0.8);
	}
	const nameKey = first(['og:title', 'twitter:title']);
	const name = value(nameKey);
	if (nameKey !== undefined && name !== undefined) facts.name = found(nameKey, name, 0.7);
	const imageKey = first(['og:image:secure_url', 'og:image', 'og:image:url', 'twitter:image']);
	const image = absolute(value(imageKey) ?? null, page.url);
	if (imageKey !== undefined && image !== null) facts.image = found(imageKey, image, 0.85);
	const brandKey = first(['product:brand', 'og:brand']);
	const brand = value(brandKey);
	if (brandKey !== undefined && brand !== undefined) facts.brand = found(brandKey, brand, 0.8);
	const skuKey = first(['product:retailer_item_id', 'product:sku']);
	const sku = value(skuKey);
	if (skuKey !== undefined && sku !== undefined) facts.sku = found(skuKey, sku, 0.7);
	const stateKey = first(['product:availability', 'og:availability']);
	const state = availabilityOfTerm(value(stateKey) ?? '');
	if (stateKey !== undefined && state !== null) facts.availability = found(stateKey, state, 0.8);
	const textKey = first(['og:description', 'description']);
	const text = value(textKey);
	if (textKey !== undefined && text !== undefined) {
		facts.description = found(textKey, clip(text, 2000), 0.5);
	}
	return facts;
}

/** Whether the page calls itself a product page. */
export function isProductType(page: PageContext): boolean {
	return /^(?:og:|product:)?product(?:\.item|\.group)?$/i.test(
		page.head.metas.get('og:type') ?? '',
	);
}
