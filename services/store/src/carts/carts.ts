import { conflict, notFound, Problem, unprocessable } from '@autopilot/http';
import type { Database, Tx } from '@autopilot/postgres';
import { reckonOrder, titleOf } from '../orders/create.ts';
import { createOrder, getOrder } from '../orders/orders.ts';
import type { CreateOrder, Order } from '../orders/schema.ts';
import { readQuote } from '../orders/quote.ts';
import type { Cause } from '../products/products.ts';
import type { Cart, CreateCart, StoredCart, UpdateCart } from './schema.ts';
import { findCart, insertCart, lockCart, updateCartRow } from './store.ts';

const MAX_LINES = 100;

export async function createCart(tx: Tx, input: CreateCart): Promise<Cart> {
	await assertSold(tx, input.lines);
	const merged = input.lines.reduce<StoredCart['lines']>((lines, line) => {
		const before = lines.find(({ sku }) => sku === line.sku)?.quantity ?? 0;
		return withLine(lines, { ...line, quantity: before + line.quantity });
	}, []);
	const cart = await insertCart(tx, {
		lines: merged,
		email: input.email ?? null,
		name: input.name ?? null,
		locale: input.locale ?? 'en',
		customerId: input.customerId ?? null,
		couponCode: input.couponCode ?? null,
		shippingOptionId: input.shippingOptionId ?? null,
		shippingAddress: input.shippingAddress ?? null,
		billingAddress: input.billingAddress ?? null,
		clickId: input.clickId ?? null,
		campaignId: input.campaignId ?? null,
		metadata: input.metadata ?? {},
		orderId: null,
	});
	return priced(tx, cart);
}

export async function getCart(db: Database, id: string): Promise<Cart> {
	return db.transaction(async (tx) => priced(tx, found(await findCart(tx, id), id)));
}

/** Puts so many of a SKU into the cart; 0 takes it out. Nothing is reserved before checkout. */
export async function setLine(
	tx: Tx,
	id: string,
	line: { sku: string; quantity: number },
): Promise<Cart> {
	const cart = await open(tx, id);
	if (line.quantity > 0) await assertSold(tx, [line]);
	const lines = withLine(cart.lines, line);
	if (lines.length > MAX_LINES) {
		throw unprocessable('cart_full', `A cart has at most ${MAX_LINES} lines. Order these first.`);
	}
	return priced(tx, await updateCartRow(tx, id, { ...cart, lines }));
}

export async function updateCart(tx: Tx, id: string, patch: UpdateCart): Promise<Cart> {
	const cart = await open(tx, id);
	return priced(tx, await updateCartRow(tx, id, Object.assign({ ...cart }, patch)));
}

/** Makes the order; a cart that was checked out before gives the same order again. */
export async function checkoutCart(tx: Tx, id: string, cause: Cause): Promise<Order> {
	const cart = found(await lockCart(tx, id), id);
	if (cart.orderId !== null) return getOrder(tx, cart.orderId);
	if (cart.lines.length === 0) {
		throw conflict('cart_empty', 'There is nothing in the cart. Put something in first.');
	}
	if (cart.email === null) {
		throw unprocessable('email_missing', 'Say where to write to: PATCH the cart with an email.', [
			{ pointer: '/email', detail: 'is missing' },
		]);
	}
	// Reserving stock comes last: what it locks stays locked until the transaction ends.
	const order = await createOrder(tx, orderInputOf(cart, cart.email), cause);
	await updateCartRow(tx, id, { ...cart, orderId: order.id });
	return order;
}

function withLine(
	lines: StoredCart['lines'],
	line: { sku: string; quantity: number },
): StoredCart['lines'] {
	if (line.quantity === 0) return lines.filter(({ sku }) => sku !== line.sku);
	if (!lines.some(({ sku }) => sku === line.sku)) return [...lines, line];
	return lines.map((other) => (other.sku === line.sku ? line : other));
}

async function assertSold(tx: Tx, lines: StoredCart['lines']): Promise<void> {
	const quote = await readQuote(tx, { ...NOTHING, skus: lines.map(({ sku }) => sku) });
	const sold = new Set(quote.variants.filter((variant) => variant.sold).map(({ sku }) => sku));
	const unknown = lines.filter(({ sku }) => !sold.has(sku)).map(({ sku }) => sku);
	if (unknown.length === 0) return;
	throw unprocessable(
		'line_unavailable',
		`Nothing is sold as ${unknown.join(', ')}. Use SKUs of published products.`,
	);
}

const NOTHING = {
	variantIds: [],
	couponCode: undefined,
	email: '',
	customerId: undefined,
	countries: [],
	lines: 0,
	reservationSeconds: 0,
};

/** The cart with the price an order of it would have now, and what stands in the way of that. */
async function priced(tx: Tx, { lines, ...cart }: StoredCart): Promise<Cart> {
	const { variants } = await readQuote(tx, { ...NOTHING, skus: lines.map(({ sku }) => sku) });
	const shown = lines.map((line) => {
		const variant = variants.find(({ sku, sold }) => sold && sku === line.sku);
		return {
			...line,
			title: variant === undefined ? null : titleOf(variant),
			delivery: variant?.delivery ?? null,
			unitAmount: variant?.amount ?? null,
			available: variant?.tracksStock === true ? variant.available : null,
		};
	});
	if (lines.length === 0) return { ...cart, lines: shown, price: null, problem: null };
	try {
		const input = orderInputOf({ lines, ...cart }, cart.email ?? '');
		const { order } = await reckonOrder(tx, input, { correlationId: '' });
		const { currency, subtotal, discount, shipping, tax, taxIncluded, total } = order;
		const price = { currency, subtotal, discount, shipping, tax, taxIncluded, total };
		return { ...cart, lines: shown, price, problem: null };
	} catch (error) {
		if (!(error instanceof Problem)) throw error;
		const problem = { code: error.code, detail: error.message };
		return { ...cart, lines: shown, price: null, problem };
	}
}

function orderInputOf(cart: StoredCart, email: string): CreateOrder {
	return {
		email,
		lines: cart.lines,
		name: cart.name ?? undefined,
		locale: cart.locale,
		customerId: cart.customerId ?? undefined,
		couponCode: cart.couponCode ?? undefined,
		shippingOptionId: cart.shippingOptionId ?? undefined,
		shippingAddress: cart.shippingAddress ?? undefined,
		billingAddress: cart.billingAddress ?? undefined,
		clickId: cart.clickId ?? undefined,
		campaignId: cart.campaignId ?? undefined,
		metadata: cart.metadata,
	};
}

async function open(tx: Tx, id: string): Promise<StoredCart> {
	const cart = found(await lockCart(tx, id), id);
	if (cart.orderId === null) return cart;
	throw conflict(
		'cart_checked_out',
		`This cart has become order ${cart.orderId}. Start a new cart.`,
	);
}

function found(cart: StoredCart | undefined, id: string): StoredCart {
	if (cart === undefined) throw notFound('cart', id);
	return cart;
}
