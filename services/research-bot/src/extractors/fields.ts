import { types } from 'node:util';
import type { CheerioAPI } from 'cheerio/slim';
import { parsePrice } from '../prices/parse.ts';
import type { Money } from '../prices/money.ts';
import { parseDom } from './dom.ts';
import { clip } from './evidence.ts';
import type { Evidence } from './consensus.ts';
import type { PageContext } from './page-context.ts';
import { absolute } from './schema-product.ts';
import { numberOf } from './things.ts';

/** A value the caller asks for: a CSS selector, what to take of the element, and what it is. */
export interface FieldRequest {
	name: string;
	selector: string;
	/** Default: the text of the element. */
	attribute?: string | undefined;
	type: 'text' | 'number' | 'price' | 'url' | 'html';
	/** Every match, as a list, instead of the first. */
	all?: boolean | undefined;
}

export type FieldValue = string | number | Money;
export interface FieldReading {
	/** By field name; null where nothing was found, a list where `all` was asked for. */
	values: Record<string, FieldValue | FieldValue[] | null>;
	evidence: Record<string, Evidence>;
	/** Names of fields whose selector matched nothing, or nothing readable. */
	missing: string[];
}

const maxMatches = 500;

export function readFields(
	$: CheerioAPI,
	page: PageContext,
	requests: FieldRequest[],
): FieldReading {
	const reading: FieldReading = { values: {}, evidence: {}, missing: [] };
	for (const request of requests) {
		const matches = $(request.selector)
			.slice(0, request.all ? maxMatches : 1)
			.toArray();
		const found = matches.flatMap((element) => {
			const raw = rawOf($, element, request);
			const value = raw === null ? null : valueOf(raw, request.type, page);
			return raw === null || value === null ? [] : [{ raw, ...value }];
		});
		const [first] = found;
		const value = request.all ? found.map((one) => one.value) : (first?.value ?? null);
		reading.values[request.name] = value;
		if (first === undefined) {
			reading.missing.push(request.name);
			continue;
		}
		reading.evidence[`fields.${request.name}`] = {
			value,
			source: 'selector',
			path: request.attribute ? `${request.selector}@${request.attribute}` : request.selector,
			raw: clip(first.raw),
			confidence: Math.round(first.confidence * 100) / 100,
			agreeing: [],
			disagreeing: [],
		};
	}
	return reading;
}

const probe = parseDom('');

/** Whether a selector can be read; cheerio throws only when it meets it. */
export function isSelector(selector: string): boolean {
	try {
		probe(selector);
		// "<b>" is a fragment to cheerio, not a selector.
		return !/^\s*</.test(selector);
	} catch (error) {
		// css-what throws plain Errors on what it cannot parse.
		if (types.isNativeError(error)) return false;
		throw error;
	}
}

function rawOf(
	$: CheerioAPI,
	element: Parameters<CheerioAPI>[0],
	{ attribute, type }: FieldRequest,
): string | null {
	const node = $(element);
	const implied = type === 'url' && attribute === undefined ? impliedUrl(node) : undefined;
	const raw =
		attribute !== undefined
			? node.attr(attribute)
			: (implied ?? (type === 'html' ? node.html() : node.text()));
	return raw === undefined || raw === null || raw.trim() === '' ? null : raw.trim();
}

function impliedUrl(node: ReturnType<CheerioAPI>): string | undefined {
	return node.attr('href') ?? node.attr('src') ?? node.attr('content');
}

function valueOf(
	raw: string,
	type: FieldRequest['type'],
	page: PageContext,
): { value: FieldValue; confidence: number } | null {
	switch (type) {
		case 'text':
			return { value: clip(raw, 10_000), confidence: 1 };
		case 'html':
			return { value: raw.slice(0, 100_000), confidence: 1 };
		case 'url': {
			const value = absolute(raw, page.url);
			return value === null ? null : { value, confidence: 1 };
		}
		case 'number': {
			const value = numberOf(/-?\d[\d., ]*/.exec(raw)?.[0].trim());
			return value === null ? null : { value, confidence: 0.9 };
		}
		case 'price': {
			const price = parsePrice(raw, { countryCurrency: page.countryCurrency });
			if (price === null) return null;
			const { decimal, amount, currency, confidence } = price;
			return { value: { decimal, amount, currency }, confidence };
		}
	}
}
