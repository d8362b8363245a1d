import { type Fault, Problem, unprocessable } from '@autopilot/http';
import type { Database, Queryable, Tx } from '@autopilot/postgres';
import { couponProblem, couponUsedUp } from '../coupons/check.ts';
import { durationOf } from '../coupons/store.ts';
import { trialProblem } from '../coupons/trials.ts';
import { trialsOf } from '../plans/store.ts';
import type { Cause } from '../products/products.ts';
import { chooseShipping } from '../shipping-options/choose.ts';
import { rateFor } from '../tax-rates/rate-for.ts';
import { type Placement, placeOrder, placeWithCoupon } from './place.ts';
import { priceOrder } from './pricing.ts';
import { type Quote, type QuotedVariant, readQuote } from './quote.ts';
import { type CreateOrder, MAX_QUANTITY, type Order } from './schema.ts';
import { orderSettings } from './settings.ts';
import { orderLinks } from './token.ts';

interface WantedLine {
	variant: QuotedVariant;
	quantity: number;
	/** Of the input, for problems that point to it. */
	index: number;
}

/**
 * Makes an order of status `created`: prices it, reserves its stock until it expires, redeems its coupon, tells
 * `order.created`. Two statements, the last of which locks what others want too; so do nothing slow after it in the same
 * transaction. Given no transaction it opens one only for a coupon: all else is in that one statement.
 * @throws {Problem} 409 `stock_unavailable` naming what is left, 409 `coupon_used_up`, 422 for anything that is unknown
 *   or does not fit; the transaction must be rolled back then
 */
export async function createOrder(
	db: Database | Tx,
	input: CreateOrder,
	cause: Cause,
): Promise<Order> {
	const { order, quote, counted } = await reckonOrder(db, input, cause);
	const wanted = counted.map(({ variant, quantity }) => ({ variantId: variant.id, quantity }));
	const { coupon } = quote;
	const done = ({ placed, enough, left }: Placement): Order => {
		if (placed) return order;
		const available = new Map(left.map((one) => [one.variantId, one.available]));
		if (!enough) assertInStock(counted, ({ variant }) => available.get(variant.id) ?? 0);
		throw couponUsedUp(order.couponCode ?? '');
	};
	if (coupon === null) return done(await placeOrder(db, order, wanted));
	const redeem = async (tx: Tx) => done(await placeWithCoupon(tx, order, wanted, coupon));
	return 'transaction' in db ? db.transaction(redeem) : redeem(db);
}

/** The order as it would be, with nothing written: for a cart's price, and the first half of `createOrder`. */
export async function reckonOrder(
	db: Queryable,
	input: CreateOrder,
	cause: Cause,
): Promise<{ order: Order; quote: Quote; counted: WantedLine[] }> {
	const quote = await readQuote(db, {
		skus: input.lines.flatMap(({ sku }) => sku ?? []),
		variantIds: input.lines.flatMap(({ variantId }) => variantId ?? []),
		couponCode: input.couponCode,
		email: input.email,
		customerId: input.customerId,
		countries: countriesOf(input),
		lines: input.lines.length,
		reservationSeconds: orderSettings().reservationSeconds,
	});
	if (!quote.customerKnown) {
		throw unprocessable('customer_unknown', 'There is no such customer; leave customerId out.', [
			{ pointer: '/customerId', detail: 'is unknown' },
		]);
	}
	const wanted = mergeLines(input, quote);
	const currency = currencyOf(wanted, input.currency);
	const counted = wanted.filter(({ variant }) => variant.tracksStock);
	assertInStock(counted, ({ variant }) => variant.available);
	const order = priced(input, { quote, wanted, currency, cause });
	await assertForTrial(db, order);
	return { order, quote, counted };
}

/** Two lines of one SKU become one, so that its stock is asked for once. */
function mergeLines(input: CreateOrder, quote: Quote): WantedLine[] {
	const merged = new Map<string, WantedLine>();
	const faults: Fault[] = [];
	for (const [index, line] of input.lines.entries()) {
		const variant = quote.variants.find(
			({ sku, id }) => sku === line.sku || id === line.variantId?.toLowerCase(),
		);
		const quantity = (line.quantity ?? 1) + (merged.get(variant?.id ?? '')?.quantity ?? 0);
		if (variant === undefined) faults.push({ pointer: `/lines/${index}`, detail: 'is unknown' });
		else if (!variant.sold) faults.push({ pointer: `/lines/${index}`, detail: 'is not published' });
		else if (quantity > MAX_QUANTITY) {
			faults.push({ pointer: `/lines/${index}/quantity`, detail: `is over ${MAX_QUANTITY}` });
		} else merged.set(variant.id, { index, ...merged.get(variant.id), variant, quantity });
	}
	if (faults.length === 0) return [...merged.values()];
	throw unprocessable(
		'line_unavailable',
		'Some lines name nothing that is sold. Use SKUs of published products.',
		faults,
	);
}

function currencyOf(wanted: readonly WantedLine[], asked: string | undefined): string {
	const currency = asked ?? wanted[0]?.variant.currency ?? '';
	const others = wanted.filter(({ variant }) => variant.currency !== currency);
	if (others.length === 0) return currency;
	throw unprocessable(
		'currency_mismatch',
		`An order has one currency; not everything in it is priced in ${currency}.`,
		others.map(({ index, variant }) => ({
			pointer: `/lines/${index}`,
			detail: `is priced in ${variant.currency}`,
		})),
	);
}

function assertInStock(
	counted: readonly WantedLine[],
	availableOf: (line: WantedLine) => number,
): void {
	const short = counted.filter((line) => availableOf(line) < line.quantity);
	if (short.length === 0) return;
	const what = (line: WantedLine) =>
		`${line.variant.sku}: ${Math.max(availableOf(line), 0)} available, ${line.quantity} wanted`;
	throw new Problem({
		status: 409,
		code: 'stock_unavailable',
		detail: `Not enough in stock (${short.map(what).join('; ')}). Order less, or ask again later: unpaid orders give their stock back.`,
		errors: short.map((line) => ({ pointer: `/lines/${line.index}/quantity`, detail: what(line) })),
	});
}

// Asked for only where it matters: an order of a plan with a coupon.
async function assertForTrial(db: Queryable, { couponCode, lines }: Order): Promise<void> {
	const planIds = lines.flatMap(({ planId }) => planId ?? []);
	if (couponCode === null || planIds.length === 0) return;
	const trials = await trialsOf(db, planIds);
	const problem = trialProblem(
		couponCode,
		(await durationOf(db, couponCode)) ?? 'once',
		lines.map(({ planId, discountAmount }) => ({
			discounted: discountAmount > 0,
			trialDays: trials.get(planId ?? '') ?? 0,
		})),
	);
	if (problem !== undefined) throw problem;
}

function priced(
	input: CreateOrder,
	{
		quote,
		wanted,
		currency,
		cause,
	}: { quote: Quote; wanted: WantedLine[]; currency: string; cause: Cause },
): Order {
	const lines = wanted.map(({ variant, quantity }) => ({
		productId: variant.productId,
		delivery: variant.delivery,
		quantity,
		unitAmount: variant.amount,
	}));
	const problem = couponProblem(input.couponCode, { coupon: quote.coupon, lines, currency });
	if (problem !== undefined) throw problem;
	const discount = quote.coupon ?? undefined;
	const goods = priceOrder({ currency, lines, discount, shipping: 0, rates: NO_TAX });
	const shippingOption = lines.some(({ delivery }) => delivery === 'physical')
		? chooseShipping(quote.shippingOptions, {
				id: input.shippingOptionId,
				country: (input.shippingAddress ?? input.billingAddress)?.country,
				currency,
				goodsWorth: goods.total,
			})
		: null;
	const price = priceOrder({
		currency,
		lines,
		discount,
		shipping: shippingOption?.amount ?? 0,
		rates: {
			physical: rateFor('physical', input.shippingAddress ?? input.billingAddress, quote.taxRates),
			digital: rateFor('digital', input.billingAddress ?? input.shippingAddress, quote.taxRates),
		},
	});
	if (!Number.isSafeInteger(price.total) || !Number.isSafeInteger(price.subtotal)) {
		throw unprocessable(
			'amount_too_large',
			'The order is worth more than can be reckoned. Split it.',
		);
	}
	const { lines: linePrices, ...totals } = price;
	const createdAt = quote.now.toISOString();
	return {
		id: quote.id,
		number: quote.number,
		status: 'created',
		paymentStatus: 'unpaid',
		email: input.email,
		name: input.name ?? input.shippingAddress?.name ?? input.billingAddress?.name ?? null,
		locale: input.locale ?? 'en',
		customerId: input.customerId ?? null,
		currency,
		lines: wanted.flatMap(({ variant, quantity }, index) => {
			const [id, linePrice] = [quote.lineIds[index], linePrices[index]];
			if (id === undefined || linePrice === undefined) return [];
			const { sku, delivery, amount: unitAmount, productId, planId } = variant;
			const title = titleOf(variant);
			const ids = { productId, variantId: variant.id, planId };
			return [{ id, sku, title, delivery, quantity, unitAmount, ...linePrice, ...ids }];
		}),
		...totals,
		captured: 0,
		refunded: 0,
		couponCode: quote.coupon?.code ?? null,
		shippingOption,
		shippingAddress: input.shippingAddress ?? null,
		billingAddress: input.billingAddress ?? null,
		shipments: [],
		clickId: input.clickId ?? null,
		campaignId: input.campaignId ?? null,
		workflowId: input.workflowId ?? null,
		correlationId: cause.correlationId,
		metadata: input.metadata ?? {},
		...orderLinks(quote.id),
		expiresAt: quote.expiresAt.toISOString(),
		createdAt,
		updatedAt: createdAt,
		paidAt: null,
		shippedAt: null,
		deliveredAt: null,
		cancelledAt: null,
	};
}

const NO_TAX = { physical: undefined, digital: undefined };

/** Product and variant, as they stand on the order. */
export function titleOf({ title, productTitle, sku }: QuotedVariant): string {
	return title === sku || title === productTitle ? productTitle : `${productTitle}, ${title}`;
}

function countriesOf({ shippingAddress, billingAddress }: CreateOrder): string[] {
	return [...new Set(['*', shippingAddress?.country ?? '*', billingAddress?.country ?? '*'])];
}
