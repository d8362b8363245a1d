import type { Money } from '../prices/money.ts';
import { currencyCode } from '../prices/currencies.ts';
import { toMoney } from '../prices/money.ts';
import { parsePrice } from '../prices/parse.ts';
import { availabilityOfTerm, availabilityOfText } from './availability.ts';
import type { Availability } from './availability.ts';
import { isThing, list, textOf, typesOf } from './things.ts';
import type { Thing } from './things.ts';

export interface Offer {
	price: Money | null;
	raw: string;
	path: string;
	confidence: number;
	high: Money | null;
	original: { money: Money; raw: string; path: string } | null;
	availability: { value: Availability; raw: string; path: string } | null;
	isUsed: boolean;
	isAggregate: boolean;
}

/** The offers of a schema.org product (Offer, AggregateOffer, price specifications), flattened. */
export function readOffers(value: unknown, path: string, countryCurrency: string | null): Offer[] {
	const nodes = list(value).filter(isThing);
	return nodes.flatMap((node, at) => {
		const here = nodes.length === 1 ? path : `${path}[${at}]`;
		const own = readOffer(node, here, countryCurrency);
		const inner = readOffers(node['offers'], `${here}.offers`, countryCurrency);
		return own === null ? inner : [own, ...inner];
	});
}

function readOffer(offer: Thing, path: string, countryCurrency: string | null): Offer | null {
	const specifications = list(offer['priceSpecification']).filter(isThing);
	const currency = currencyOf([offer, ...specifications]);
	const read = (node: Thing, key: string) => amountOf(node[key], currency, countryCurrency);
	const isAggregate = typesOf(offer).includes('AggregateOffer');

	const places: [Thing, string, string][] = [
		[offer, 'price', `${path}.price`],
		[offer, 'lowPrice', `${path}.lowPrice`],
		...specifications
			.filter((node) => specificationKind(node) === 'price')
			.map((node): [Thing, string, string] => [node, 'price', `${path}.priceSpecification.price`]),
	];
	const found = places
		.map(([node, key, at]) => ({ amount: read(node, key), at }))
		.find(({ amount }) => amount !== null);
	const listPrice = specifications.find((node) => specificationKind(node) === 'original');
	const original = listPrice === undefined ? null : read(listPrice, 'price');
	const availability = textOf(offer['availability']);
	const term = availability === null ? null : readAvailability(availability);
	if (found === undefined && term === null) return null;
	return {
		price: found?.amount?.money ?? null,
		raw: found?.amount?.raw ?? '',
		path: found?.at ?? path,
		confidence: found?.amount?.confidence ?? 0,
		high: read(offer, 'highPrice')?.money ?? null,
		original:
			original === null
				? null
				: { money: original.money, raw: original.raw, path: `${path}.priceSpecification.price` },
		availability:
			term === null || availability === null
				? null
				: { value: term, raw: availability, path: `${path}.availability` },
		isUsed: /used|refurbished|damaged/i.test(textOf(offer['itemCondition']) ?? ''),
		isAggregate,
	};
}

function readAvailability(text: string): Availability | null {
	return availabilityOfTerm(text) ?? availabilityOfText(text)?.value ?? null;
}

function currencyOf(nodes: Thing[]): string | null {
	for (const node of nodes) {
		const text = textOf(node['priceCurrency']);
		const code = text === null ? null : currencyCode(text);
		if (code !== null) return code;
	}
	return null;
}

/** Member prices and prices per kilogram are no prices of the product. */
function specificationKind(node: Thing): 'price' | 'original' | 'other' {
	const type = textOf(node['priceType']) ?? '';
	if (/ListPrice|Strikethrough|SRP|MSRP|RegularPrice/i.test(type)) return 'original';
	const isUnitPrice = node['referenceQuantity'] !== undefined && !/SalePrice/i.test(type);
	return isUnitPrice || node['validForMemberTier'] !== undefined ? 'other' : 'price';
}

/**
 * A machine-made amount. A JSON number and a plain decimal are taken at their word; everything else
 * ("1.299,00", "€49") goes through the price parser. Zero is how shops write "no price".
 */
export function amountOf(
	value: unknown,
	currency: string | null,
	countryCurrency: string | null,
): { money: Money; raw: string; confidence: number } | null {
	const raw = textOf(value);
	if (raw === null) return null;
	const isPlain = typeof value === 'number' || /^\d+(?:\.(?:\d{1,2}|\d{4,}))?$/.test(raw);
	if (isPlain) {
		const money = toMoney(Number(raw).toFixed(4), currency ?? countryCurrency);
		if (money === null || money.amount === 0) return null;
		return { money, raw, confidence: currency === null ? 0.7 : 1 };
	}
	const parsed = parsePrice(raw, { currency, countryCurrency });
	if (parsed === null || parsed.amount === 0) return null;
	const { decimal, amount } = parsed;
	return {
		money: { decimal, amount, currency: parsed.currency },
		raw,
		confidence: parsed.confidence,
	};
}
