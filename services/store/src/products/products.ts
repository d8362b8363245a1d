import { emit } from '@autopilot/events';
import { conflict, mergePatch, notFound, Problem, unprocessable } from '@autopilot/http';
import { onUniqueViolation, type Queryable, type Tx } from '@autopilot/postgres';
import type { EventType } from '../event-types.ts';
import type {
	ChangeStock,
	CreateProduct,
	CreateVariant,
	Media,
	Product,
	UpdateProduct,
	UpdateVariant,
} from './schema.ts';
import {
	deleteProductRow,
	deleteVariantRow,
	findProduct,
	insertProduct,
	insertVariant,
	lockProduct,
	lockReserved,
	lockStock,
	moveStock,
	productOfVariant,
	setStatus,
	touchProduct,
	updateProductRow,
	updateVariantRow,
} from './store.ts';

/** What a change is made for: the correlation id of the request. */
export interface Cause {
	correlationId: string;
}

const TAKEN = {
	products_slug_key: () =>
		unprocessable('slug_taken', 'Another product has this slug. Choose another one.', [
			{ pointer: '/slug', detail: 'is taken' },
		]),
	variants_sku_key: () =>
		unprocessable('sku_taken', 'Another variant has this SKU. SKUs are unique in the store.'),
};

export async function getProduct(db: Queryable, idOrSlug: string): Promise<Product> {
	const product = await findProduct(db, idOrSlug);
	if (product === undefined) throw notFound('product', idOrSlug);
	return product;
}

/** Creates a product with its variants; tells `product.created`, and `product.published` if it is. */
export async function createProduct(tx: Tx, input: CreateProduct, cause: Cause): Promise<Product> {
	const slug = input.slug ?? slugOf(input.title);
	const id = await onUniqueViolation(TAKEN, async () => {
		const productId = await insertProduct(tx, { ...input, slug });
		for (const variant of input.variants) await addVariantRow(tx, productId, variant, cause);
		return productId;
	});
	const product = await tell(tx, id, 'product.created', cause);
	if (product.status === 'published') await tell(tx, id, 'product.published', cause);
	return product;
}

/** Changes what the patch names; `attributes` are merged, lists are replaced. */
export async function updateProduct(
	tx: Tx,
	id: string,
	patch: UpdateProduct,
	cause: Cause,
): Promise<Product> {
	const before = await locked(tx, id);
	const attributes =
		patch.attributes === undefined
			? {}
			: { attributes: mergePatch(before.attributes, patch.attributes) };
	await onUniqueViolation(TAKEN, () =>
		updateProductRow(tx, before.id, { ...patch, ...attributes }),
	);
	return tell(tx, before.id, 'product.updated', cause);
}

export async function addMedia(tx: Tx, id: string, media: Media, cause: Cause): Promise<Product> {
	const before = await locked(tx, id);
	if (before.media.some(({ url }) => url === media.url)) return before;
	await updateProductRow(tx, before.id, { media: [...before.media, media] });
	return tell(tx, before.id, 'product.updated', cause);
}

/** draft or archived -> published. What is published already stays so, and nothing is told twice. */
export async function publishProduct(tx: Tx, id: string, cause: Cause): Promise<Product> {
	const before = await locked(tx, id);
	if (before.status === 'published') return before;
	if (before.variants.length === 0) {
		throw conflict(
			'no_variants',
			'A product without variants can not be sold. Add a variant first.',
		);
	}
	await setStatus(tx, before.id, 'published');
	return tell(tx, before.id, 'product.published', cause);
}

export async function archiveProduct(tx: Tx, id: string, cause: Cause): Promise<Product> {
	const before = await locked(tx, id);
	if (before.status === 'archived') return before;
	await setStatus(tx, before.id, 'archived');
	return tell(tx, before.id, 'product.archived', cause);
}

export async function deleteProduct(tx: Tx, id: string, cause: Cause): Promise<void> {
	const { id: productId } = await locked(tx, id);
	if ((await lockReserved(tx, productId)) > 0) throw reserved('Archive the product instead');
	await tell(tx, productId, 'product.deleted', cause);
	await deleteProductRow(tx, productId);
}

export async function addVariant(
	tx: Tx,
	id: string,
	variant: CreateVariant,
	cause: Cause,
): Promise<Product> {
	const { id: productId } = await locked(tx, id);
	await onUniqueViolation(TAKEN, () => addVariantRow(tx, productId, variant, cause));
	await touchProduct(tx, productId);
	return tell(tx, productId, 'product.updated', cause);
}

export async function updateVariant(
	tx: Tx,
	id: string,
	patch: UpdateVariant,
	cause: Cause,
): Promise<Product> {
	const productId = await lockedProductOf(tx, id);
	if (patch.tracksStock !== undefined && ((await lockStock(tx, id))?.reserved ?? 0) > 0) {
		throw reserved('Change the counting later');
	}
	await onUniqueViolation(TAKEN, () => updateVariantRow(tx, id, patch));
	await touchProduct(tx, productId);
	return tell(tx, productId, 'product.updated', cause);
}

export async function deleteVariant(tx: Tx, id: string, cause: Cause): Promise<void> {
	const productId = await lockedProductOf(tx, id);
	const { variants, status } = await getProduct(tx, productId);
	if (status === 'published' && variants.length === 1) {
		throw conflict(
			'last_variant',
			'The last variant of a published product stays. Archive the product first.',
		);
	}
	if (((await lockStock(tx, id))?.reserved ?? 0) > 0) throw reserved('Delete it later');
	await deleteVariantRow(tx, id);
	await touchProduct(tx, productId);
	await tell(tx, productId, 'product.updated', cause);
}

/** Adds to a stock or takes from it (`delta`), or states what a count has found (`set`). */
export async function changeStock(
	tx: Tx,
	id: string,
	change: ChangeStock,
	cause: Cause,
): Promise<Product> {
	const productId = await lockedProductOf(tx, id);
	const { stock, reserved: held } = (await lockStock(tx, id)) ?? { stock: 0, reserved: 0 };
	const delta = 'delta' in change ? change.delta : change.set - stock;
	if (delta === 0) return getProduct(tx, productId);
	if (!(await moveStock(tx, id, { delta, reason: change.reason, ...cause }))) {
		throw conflict(
			'stock_too_low',
			`There are ${stock} in stock, ${held} of them for orders that are being paid: at most ${stock - held} can be taken, not ${-delta}.`,
		);
	}
	return tell(tx, productId, 'stock.changed', cause);
}

/** Tells the stock of a product as it is now. Does nothing for one that was deleted. */
export async function tellStock(tx: Tx, id: string, cause: Cause): Promise<void> {
	if (await lockProduct(tx, id)) await tell(tx, id, 'stock.changed', cause);
}

function reserved(advice: string): Problem {
	return conflict(
		'stock_reserved',
		`Orders that are being paid hold some of it. ${advice}, when they are paid or have expired, or cancel them.`,
	);
}

async function addVariantRow(tx: Tx, productId: string, variant: CreateVariant, cause: Cause) {
	const id = await insertVariant(tx, productId, variant);
	if (variant.stock === 0) return;
	await moveStock(tx, id, { delta: variant.stock, reason: 'initial', ...cause });
}

async function locked(tx: Tx, id: string): Promise<Product> {
	if (!(await lockProduct(tx, id))) throw notFound('product', id);
	return getProduct(tx, id);
}

async function lockedProductOf(tx: Tx, variantId: string): Promise<string> {
	const productId = await productOfVariant(tx, variantId);
	if (productId === undefined) throw notFound('variant', variantId);
	await lockProduct(tx, productId);
	return productId;
}

async function tell(tx: Tx, id: string, type: EventType, cause: Cause): Promise<Product> {
	const product = await getProduct(tx, id);
	await emit(tx, { type, aggregate: { type: 'product', id }, data: product, ...cause });
	return product;
}

/** `Éclair Lamp, 2nd` becomes `eclair-lamp-2nd`. */
export function slugOf(title: string): string {
	const slug = title
		.normalize('NFKD')
		.replaceAll(/\p{M}/gu, '')
		.toLowerCase()
		.replaceAll(/[^a-z0-9]+/g, '-')
		.replaceAll(/^-|-$/g, '');
	if (slug !== '') return slug;
	throw new Problem({
		status: 422,
		code: 'slug_missing',
		detail: 'No slug can be made of this title. Send one of lower-case letters and digits.',
		errors: [{ pointer: '/slug', detail: 'is missing' }],
	});
}
