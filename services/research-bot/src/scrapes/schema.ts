import { pageQuery } from '@autopilot/http';
import { callback, defineJob, jobState } from '@autopilot/jobs';
import { z } from 'zod';
import { isSelector } from '../extractors/fields.ts';
import { diagnosisCodes } from '../pages/diagnosis.ts';

const field = z.object({
	name: z
		.string()
		.regex(/^[A-Za-z_][\w-]{0,62}$/, 'must begin with a letter, then letters, digits, - and _'),
	selector: z
		.string()
		.min(1)
		.max(500)
		.refine(isSelector, 'is not a CSS selector that can be read')
		.describe('CSS selector, e.g. .specs .warranty'),
	// n8n sends an empty text for an attribute that was left out.
	attribute: z
		.string()
		.max(100)
		.transform((text) => text.trim() || undefined)
		.optional()
		.describe('Attribute to read; the text of the element when not given'),
	type: z.enum(['text', 'number', 'price', 'url', 'html']).default('text'),
	all: z.boolean().default(false).describe('Every match as a list, not only the first'),
});

const options = {
	extract: z.enum(['product', 'reviews']).default('product'),
	fields: z
		.array(field)
		.max(50)
		.refine(
			(list) => new Set(list.map(({ name }) => name)).size === list.length,
			'has a name twice',
		)
		.default([]),
	render: z
		.enum(['auto', 'http', 'browser'])
		.default('auto')
		.describe('auto: plain HTTP, and the browser where that is not enough'),
	screenshot: z.boolean().default(false),
	respectRobots: z.boolean().default(true),
	locale: z
		.string()
		.regex(/^[a-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/, 'must be a language tag such as de-DE')
		.optional(),
	maxReviews: z.int().min(1).max(1000).default(50),
};

export const scrapeOptions = z.object(options);
export type ScrapeOptions = z.output<typeof scrapeOptions>;

export const createScrape = z.object({
	urls: z
		.array(z.url({ protocol: /^https?$/ }).max(2000))
		.min(1)
		.max(100),
	...options,
	callback: callback.optional(),
});
export type CreateScrape = z.output<typeof createScrape>;

/** Reads all URLs of a scrape that have no result yet. */
export const scrapeUrls = defineJob({
	name: 'scrape-urls',
	payload: z.object({ scrapeId: z.uuid() }),
	maxAttempts: 3,
	backoffMs: 2000,
});

const price = z.object({
	decimal: z.string().describe('49.99; yen without, dinars with three decimals'),
	amount: z.int().describe('In minor units: 4999 is 49.99 EUR'),
	currency: z.string().nullable().describe('ISO 4217; null when the page does not tell'),
});
const availability = z.enum([
	'in_stock',
	'limited',
	'preorder',
	'backorder',
	'in_store_only',
	'out_of_stock',
	'discontinued',
]);
const source = z.enum(['json-ld', 'microdata', 'open-graph', 'embedded-state', 'selector', 'text']);

const product = z.object({
	name: z.string().optional(),
	price: price.optional(),
	originalPrice: price.optional().describe('Struck-out or recommended price'),
	highPrice: price.optional().describe('The dearest variant, when they differ'),
	availability: availability.optional(),
	rating: z.number().optional().describe('0 to 5'),
	reviewCount: z.int().optional(),
	image: z.string().optional(),
	brand: z.string().optional(),
	sku: z.string().optional(),
	gtin: z.string().optional(),
	description: z.string().optional(),
	variants: z
		.array(
			z.object({
				name: z.string().nullable(),
				sku: z.string().nullable(),
				price: price.nullable(),
				availability: availability.nullable(),
			}),
		)
		.optional(),
});

const evidence = z
	.object({
		value: z.unknown(),
		source,
		path: z.string().describe('Where on the page: a JSON path, a meta tag or a CSS selector'),
		raw: z.string().describe('The text that stands there'),
		confidence: z.number().min(0).max(1),
		agreeing: z.array(source).describe('Other places that say the same'),
		disagreeing: z.array(
			z.object({ value: z.unknown(), source, path: z.string(), raw: z.string() }),
		),
	})
	.describe('Why a value is believed');

const review = z.object({
	author: z.string().nullable(),
	rating: z.number().nullable().describe('0 to 5'),
	title: z.string().nullable(),
	body: z.string(),
	date: z.string().nullable(),
	source,
	path: z.string(),
});

const fieldValue = z.union([z.string(), z.number(), price]);

export const scrapeResult = z.object({
	index: z.int().describe('Position of the URL in the request, from 0'),
	url: z.string(),
	finalUrl: z.string().nullable().describe('After redirects'),
	status: z.enum(['ok', 'partial', 'failed']),
	renderedBy: z.enum(['http', 'browser']).nullable(),
	httpStatus: z.int().nullable(),
	product: product.nullable(),
	evidence: z.record(z.string(), evidence).describe('By field; own fields as fields.<name>'),
	reviews: z.array(review).optional(),
	fields: z.record(z.string(), z.union([fieldValue, z.array(fieldValue)]).nullable()).optional(),
	diagnosis: z
		.object({ code: z.enum(diagnosisCodes), detail: z.string(), advice: z.string() })
		.nullable()
		.describe('Why there is less than was asked for'),
	screenshot: z.string().optional().describe('URL of the picture; needs an API key'),
	timings: z.object({
		waitedMs: z.int().describe('For the turn at the host'),
		totalMs: z.int(),
		attempts: z.int(),
		bytes: z.int(),
	}),
});
export type ScrapeResult = z.output<typeof scrapeResult>;

export const priceSummary = z
	.object({
		currency: z.string().nullable(),
		lowest: z.int().nullable(),
		median: z.int().nullable(),
		highest: z.int().nullable(),
		count: z.int(),
	})
	.describe('Of the prices in the most frequent currency, in minor units');
export type PriceSummary = z.output<typeof priceSummary>;

export const scrapeSummary = z.object({
	id: z.uuid(),
	status: jobState,
	jobId: z.uuid(),
	progress: z.object({ percent: z.int(), step: z.string() }),
	urls: z.array(z.string()),
	options: scrapeOptions,
	summary: priceSummary,
	error: z.object({ code: z.string(), message: z.string() }).nullable(),
	createdAt: z.iso.datetime(),
	startedAt: z.iso.datetime().nullable(),
	finishedAt: z.iso.datetime().nullable(),
});

export const scrape = scrapeSummary.extend({ results: z.array(scrapeResult) });
export type Scrape = z.output<typeof scrape>;

export const listScrapes = z.object({
	...pageQuery,
	cursor: z.uuid().optional(),
	status: jobState.optional(),
});
export type ListScrapes = z.output<typeof listScrapes>;
