import { pageQuery } from '@autopilot/http';
import { z } from 'zod';
import { money } from '../money/money.ts';

export { money, type Money } from '../money/money.ts';

const media = z.object({
	kind: z.enum(['image', 'video', 'document']),
	url: z.url({ protocol: /^https?$/ }).max(2000),
	alt: z.string().max(500).optional(),
});
export type Media = z.output<typeof media>;

const title = z.string().trim().min(1).max(200);
const slug = z
	.string()
	.max(200)
	.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case letters, digits and single hyphens');
const description = z.string().max(20_000);
const tags = z.array(z.string().trim().min(1).max(50)).max(50);
const attributes = z
	.record(z.string().max(100), z.unknown())
	.describe('Anything else, as JSON; a patch merges it (RFC 7396)');
const status = z.enum(['draft', 'published', 'archived']);
const sku = z.string().trim().min(1).max(100);
const stock = z.int().min(0).max(2_000_000_000);
const options = z.record(z.string().max(50), z.string().max(200));
export const delivery = z.enum(['physical', 'digital']);
const tracksStock = z
	.boolean()
	.describe('Whether it can be sold out; what is not counted is always available');

export const createVariant = z.object({
	sku,
	title: title.optional().describe('The SKU when not given'),
	price: money,
	stock: stock.default(0),
	delivery: delivery.default('physical'),
	tracksStock: tracksStock
		.optional()
		.describe('true for physical, false for digital when not given'),
	options: options.default({}),
});
export type CreateVariant = z.output<typeof createVariant>;

export const updateVariant = z
	.object({ sku, title, price: money, delivery, tracksStock, options })
	.partial()
	.refine((patch) => Object.keys(patch).length > 0, 'names nothing to change');
export type UpdateVariant = z.output<typeof updateVariant>;

export const changeStock = z.union([
	z.object({ delta: z.int(), reason: z.string().max(200).default('adjustment') }),
	z.object({ set: stock, reason: z.string().max(200).default('count') }),
]);
export type ChangeStock = z.output<typeof changeStock>;

export const createProduct = z.object({
	title,
	slug: slug.optional().describe('Made of the title when not given'),
	description: description.default(''),
	status: z.enum(['draft', 'published']).default('draft'),
	tags: tags.default([]),
	media: z.array(media).max(50).default([]),
	attributes: attributes.default({}),
	variants: z.array(createVariant).min(1).max(100),
});
export type CreateProduct = z.output<typeof createProduct>;

export const updateProduct = z
	.object({ title, slug, description, tags, media: z.array(media).max(50), attributes })
	.partial()
	.refine((patch) => Object.keys(patch).length > 0, 'names nothing to change');
export type UpdateProduct = z.output<typeof updateProduct>;

export const addMedia = media;

export const variant = z.object({
	id: z.uuid(),
	sku: z.string(),
	title: z.string(),
	price: money,
	stock: z.int().describe('What is there'),
	available: z.int().describe('What can still be sold: stock without what unpaid orders hold'),
	delivery,
	tracksStock: z.boolean(),
	options: z.record(z.string(), z.string()),
});
export type Variant = z.output<typeof variant>;

export const product = z.object({
	id: z.uuid(),
	slug: z.string(),
	title: z.string(),
	description: z.string(),
	status,
	tags: z.array(z.string()),
	media: z.array(media),
	attributes,
	variants: z.array(variant),
	createdAt: z.iso.datetime(),
	updatedAt: z.iso.datetime(),
	publishedAt: z.iso.datetime().nullable(),
});
export type Product = z.output<typeof product>;

export const listProducts = z.object({
	...pageQuery,
	status: status.optional(),
	tag: z.string().max(50).optional(),
	q: z
		.string()
		.trim()
		.min(1)
		.max(200)
		.optional()
		.describe('Full text; the last word may be unfinished'),
	currency: money.shape.currency.optional(),
	minPrice: z.coerce.number().int().min(0).optional(),
	maxPrice: z.coerce.number().int().min(0).optional(),
});
export type ListProducts = z.output<typeof listProducts>;
