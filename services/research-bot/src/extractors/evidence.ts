import type { Money } from '../prices/money.ts';
import type { Availability } from './availability.ts';

/** Where on a page a value can stand, the most trustworthy first. */
export type Source =
	'json-ld' | 'microdata' | 'open-graph' | 'embedded-state' | 'selector' | 'text';

/** A value as one place of the page gives it. */
export interface Found<T> {
	value: T;
	source: Source;
	/** Where exactly: `Product.offers[0].price`, `meta[property="og:title"]`, a CSS selector. */
	path: string;
	/** The text as it stands there, cut to 200 characters. */
	raw: string;
	/** 0..1, of this place alone. */
	confidence: number;
}

export interface ProductValues {
	name: string;
	/** The lowest price a customer can buy it for now. */
	price: Money;
	/** Struck out, list or recommended price. */
	originalPrice: Money;
	/** Upper end, when variants or sellers differ in price. */
	highPrice: Money;
	availability: Availability;
	/** On a scale of 0 to 5, whatever the shop's own scale is. */
	rating: number;
	reviewCount: number;
	image: string;
	brand: string;
	sku: string;
	gtin: string;
	description: string;
	variants: Variant[];
}

export interface Variant {
	name: string | null;
	sku: string | null;
	price: Money | null;
	availability: Availability | null;
}

export type ProductField = keyof ProductValues;

/** What one place of the page says about the product. */
export type ProductFacts = { [Field in ProductField]?: Found<ProductValues[Field]> };

export interface Review {
	author: string | null;
	/** On a scale of 0 to 5. */
	rating: number | null;
	title: string | null;
	body: string;
	/** ISO 8601 where the page gives a machine-readable date, else its text. */
	date: string | null;
	source: Source;
	path: string;
}

export function clip(text: string, length = 200): string {
	const plain = text.replace(/\s+/g, ' ').trim();
	return plain.length <= length ? plain : `${plain.slice(0, length - 1)}…`;
}
