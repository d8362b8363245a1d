import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '@autopilot/http';
import { encodeCursor } from '@autopilot/postgres';
import { z } from 'zod';
import * as carts from '../carts/carts.ts';
import { type Cart, type UpdateCart, updateCart } from '../carts/schema.ts';
import type { Plan } from '../plans/schema.ts';
import { selectPlans } from '../plans/store.ts';
import { listProducts } from '../products/listing-store.ts';
import { getProduct } from '../products/products.ts';
import { selectByIds } from '../products/store.ts';
import { selectShippingOptions } from '../shipping-options/store.ts';
import { orderToken } from '../orders/token.ts';
import { cartPage, detailsPage, reviewPage } from './cart-pages.ts';
import { ADDRESS_FIELDS, field, filled, type Form, tellPerson } from './forms.ts';
import type { PageParts } from './pages.ts';
import { cataloguePage, productPage } from './product-pages.ts';
import { type Page, sendPage } from './shell.ts';
import type { Visitor } from './visitor.ts';

const PER_PAGE = 24;
const open = { config: { public: true }, schema: { hide: true } };

interface Met {
	visitor: Visitor;
	cart: Cart | undefined;
	token: string;
}

/** Catalogue, product, cart and checkout. */
export function shopRoutes(app: FastifyInstance, parts: PageParts): void {
	const { db, storeName, visitors } = parts;
	const meet = async (request: FastifyRequest, reply: FastifyReply): Promise<Met> => {
		const visitor = visitors.meet(request, reply);
		return { visitor, cart: await cartOf(parts, visitor), token: visitors.formToken(visitor) };
	};
	const show = (reply: FastifyReply, { cart }: Met, page: Page) =>
		sendPage(reply, storeName, {
			...page,
			inCart: (cart?.lines ?? []).reduce((sum, { quantity }) => sum + quantity, 0),
		});

	app.get<{ Querystring: { cursor?: string } }>('/', open, async (request, reply) => {
		const met = await meet(request, reply);
		const { cursor } = request.query;
		const found = (await listProducts(db, { status: 'published', limit: PER_PAGE, cursor })) ?? [];
		const products = await selectByIds(
			db,
			found.slice(0, PER_PAGE).map(({ id }) => id),
		);
		const byId = new Map(products.map((product) => [product.id, product]));
		const listed = found.slice(0, PER_PAGE).flatMap(({ id }) => byId.get(id) ?? []);
		const last = found.length > PER_PAGE ? listed.at(-1) : undefined;
		const next = last === undefined ? null : encodeCursor([last.position, last.id]);
		return show(reply, met, {
			title: 'Products',
			body: cataloguePage(listed, await plansOf(parts), next),
			isPublic: true,
		});
	});

	app.get<{ Params: { slug: string }; Querystring: { error?: string } }>(
		'/products/:slug',
		open,
		async (request, reply) => showProduct(request.params.slug, await meet(request, reply), reply),
	);
	const showProduct = async (slug: string, met: Met, reply: FastifyReply, error?: string) => {
		const product = await getProduct(db, slug);
		if (product.status !== 'published') throw gone();
		const plans = await plansOf(parts);
		const body = productPage({ product, plans, token: met.token, error });
		const description = product.description.slice(0, 160);
		const status = error === undefined ? 200 : 422;
		return show(reply, met, { title: product.title, description, body, status, isPublic: true });
	};

	app.post('/cart/add', open, async (request, reply) => {
		const met = await meet(request, reply);
		const form = visitors.checkedForm(request);
		const sku = field(form, 'sku');
		const wanted = z.coerce.number().int().min(1).max(99).safeParse(field(form, 'quantity'));
		const already = met.cart?.lines.find((line) => line.sku === sku)?.quantity ?? 0;
		try {
			if (!wanted.success) throw new Problem(BAD_QUANTITY);
			const line = { sku, quantity: Math.min(99, already + wanted.data) };
			const cart = await db.transaction((tx) =>
				met.cart === undefined
					? carts.createCart(tx, { lines: [line] })
					: carts.setLine(tx, met.cart.id, line),
			);
			visitors.rememberCart(reply, cart.id);
			return await reply.redirect(field(form, 'then') === 'checkout' ? '/checkout' : '/cart', 303);
		} catch (error) {
			return showProduct(field(form, 'slug'), met, reply, orThrow(error));
		}
	});

	app.get('/cart', open, async (request, reply) => {
		const met = await meet(request, reply);
		return show(reply, met, { title: 'Cart', body: cartPage(met) });
	});
	app.post('/cart/lines', open, async (request, reply) => {
		const met = await meet(request, reply);
		const form = visitors.checkedForm(request);
		const removes = field(form, 'remove') !== '';
		const quantity = z.coerce
			.number()
			.int()
			.min(0)
			.max(99)
			.safeParse(removes ? 0 : field(form, 'quantity'));
		return change(reply, met, '/cart', async (cart) => {
			if (!quantity.success) throw new Problem(BAD_QUANTITY);
			const line = { sku: field(form, 'sku'), quantity: quantity.data };
			await db.transaction((tx) => carts.setLine(tx, cart.id, line));
		});
	});
	/** Changes the cart and goes on, or shows the cart with what stands in the way. */
	const change = async (
		reply: FastifyReply,
		met: Met,
		next: string,
		work: (cart: Cart) => Promise<void>,
	): Promise<unknown> => {
		if (met.cart === undefined) return reply.redirect('/cart', 303);
		try {
			await work(met.cart);
			return await reply.redirect(next, 303);
		} catch (error) {
			const page =
				next === '/cart'
					? { title: 'Cart', body: cartPage({ ...met, error: orThrow(error) }) }
					: await reviewOf(parts, met, met.cart, orThrow(error));
			return show(reply, met, { ...page, status: 422 });
		}
	};

	app.get('/checkout', open, async (request, reply) => {
		const met = await meet(request, reply);
		if (met.cart === undefined || met.cart.lines.length === 0) return reply.redirect('/cart', 303);
		return show(reply, met, {
			title: 'Your details',
			body: detailsPage({ ...met, cart: met.cart }),
		});
	});
	app.post('/checkout', open, async (request, reply) => {
		const met = await meet(request, reply);
		const form = visitors.checkedForm(request);
		const { cart } = met;
		if (cart === undefined) return reply.redirect('/cart', 303);
		const patch = detailsOf(form, cart);
		try {
			const checked = updateCart.parse(patch);
			await db.transaction((tx) => carts.updateCart(tx, cart.id, checked));
			return await reply.redirect('/checkout/review', 303);
		} catch (error) {
			// What was typed stays typed, also what is wrong in it.
			const typed = Object.assign({ ...cart }, patch);
			const body = detailsPage({ ...met, cart: typed, error: orThrow(error) });
			return show(reply, met, { title: 'Your details', status: 422, body });
		}
	});
	app.get('/checkout/review', open, async (request, reply) => {
		const met = await meet(request, reply);
		if (met.cart === undefined || met.cart.lines.length === 0) return reply.redirect('/cart', 303);
		if (met.cart.email === null) return reply.redirect('/checkout', 303);
		return show(reply, met, await reviewOf(parts, met, met.cart));
	});
	app.post('/checkout/coupon', open, async (request, reply) => {
		const met = await meet(request, reply);
		const code = field(visitors.checkedForm(request), 'coupon');
		return change(reply, met, '/checkout/review', async (cart) => {
			const patch = updateCart.parse({ couponCode: code === '' ? null : code });
			const after = await db.transaction((tx) => carts.updateCart(tx, cart.id, patch));
			if (after.problem === null || code === '') return;
			// A code that does not work must not stay in the way of the order.
			await db.transaction((tx) => carts.updateCart(tx, cart.id, { couponCode: cart.couponCode }));
			throw new Problem({ status: 422, ...after.problem });
		});
	});
	app.post('/checkout/shipping', open, async (request, reply) => {
		const met = await meet(request, reply);
		const option = field(visitors.checkedForm(request), 'option');
		return change(reply, met, '/checkout/review', async (cart) => {
			const patch = updateCart.parse({ shippingOptionId: option });
			await db.transaction((tx) => carts.updateCart(tx, cart.id, patch));
		});
	});
	app.post('/checkout/order', open, async (request, reply) => {
		const met = await meet(request, reply);
		visitors.checkedForm(request);
		const { cart } = met;
		if (cart === undefined) return reply.redirect('/cart', 303);
		try {
			const cause = { correlationId: request.id };
			const click = visitors.clickOf(request);
			const order = await db.transaction(async (tx) => {
				if (click.clickId !== undefined) await carts.updateCart(tx, cart.id, click);
				return carts.checkoutCart(tx, cart.id, cause);
			});
			visitors.forgetCart(reply);
			return await reply.redirect(`/orders/${orderToken(order.id)}/pay`, 303);
		} catch (error) {
			const page = await reviewOf(parts, met, cart, orThrow(error));
			return show(reply, met, { ...page, status: 409 });
		}
	});
}

const BAD_QUANTITY = { status: 422, code: 'quantity', detail: 'Take a quantity from 1 to 99.' };

/** What is paid again and again, so that prices can say so. */
async function plansOf({ db }: PageParts): Promise<Plan[]> {
	return (await selectPlans(db, { limit: 100 })) ?? [];
}

async function cartOf({ db }: PageParts, { cartId }: Visitor): Promise<Cart | undefined> {
	if (cartId === undefined) return undefined;
	try {
		const cart = await carts.getCart(db, cartId);
		return cart.orderId === null ? cart : undefined;
	} catch (error) {
		if (error instanceof Problem && error.status === 404) return undefined;
		throw error;
	}
}

async function reviewOf({ db }: PageParts, met: Met, cart: Cart, error?: string): Promise<Page> {
	const options = await selectShippingOptions(db, {
		limit: 20,
		country: cart.shippingAddress?.country,
	});
	const ships = cart.lines.some(({ delivery }) => delivery === 'physical');
	const body = reviewPage({ ...met, cart, options: ships ? options : [], error });
	return { title: 'Review', body, leadsToGateway: true };
}

function detailsOf(form: Form, cart: Cart): UpdateCart {
	const ships = cart.lines.some(({ delivery }) => delivery === 'physical');
	const { email = '', name } = filled(form, ['email', 'name']);
	const address = filled(form, ADDRESS_FIELDS);
	const { line1 = '', city = '', country = '', ...rest } = address;
	return {
		email,
		...(name === undefined ? {} : { name }),
		...(ships ? { shippingAddress: { ...rest, line1, city, country, name } } : {}),
	};
}

function orThrow(error: unknown): string {
	const text = tellPerson(error);
	if (text === undefined) throw error;
	return text;
}

function gone(): Problem {
	return new Problem({ status: 404, code: 'not_found', detail: 'This is not for sale.' });
}
