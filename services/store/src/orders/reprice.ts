import { conflict } from '@autopilot/http';
import type { Tx } from '@autopilot/postgres';
import { chooseShipping } from '../shipping-options/choose.ts';
import { rateFor } from '../tax-rates/rate-for.ts';
import { priceOrder } from './pricing.ts';
import { readPlaces, supersedePages, writePrice } from './reprice-store.ts';
import type { Address, Order, UpdateOrder } from './schema.ts';

/**
 * Prices a locked order that is not paid for the place it goes to now: taxes and shipping are reckoned anew, prices of
 * goods and the discount stay as they were ordered. The way it travels stays if it goes there too. Pay pages with the
 * old price are superseded: whoever pays one of them gets the money back.
 * @param order  with the addresses that it has now
 * @returns the order as it is written, and whether a pay page was superseded
 * @throws {Problem} 409 `payment_pending` when it was paid by a slow method, 422 `shipping_option_unfit`
 */
export async function reprice(
	tx: Tx,
	order: Order,
	{ shippingOptionId }: Pick<UpdateOrder, 'shippingOptionId'>,
): Promise<{ order: Order; superseded: boolean }> {
	const priced = await priceAt(tx, order, shippingOptionId);
	if (samePrice(order, priced)) return { order, superseded: false };
	const { superseded, pending } = await supersedePages(tx, order.id);
	if (pending) {
		throw conflict(
			'payment_pending',
			`Order ${order.number} has been paid by a slow method; its price can't change. Wait for order.paid or order.payment_failed.`,
		);
	}
	await writePrice(tx, priced);
	return { order: priced, superseded: superseded > 0 };
}

async function priceAt(tx: Tx, order: Order, asked: string | undefined): Promise<Order> {
	const shipTo = order.shippingAddress ?? order.billingAddress ?? undefined;
	const billTo = order.billingAddress ?? order.shippingAddress ?? undefined;
	const { taxRates, shippingOptions } = await readPlaces(tx, [
		...new Set(['*', shipTo?.country ?? '*', billTo?.country ?? '*']),
	]);
	const { currency, lines } = order;
	const ships = lines.some(({ delivery }) => delivery === 'physical');
	// As it was to travel first: an option that goes there, too, is kept even where another is cheaper.
	const kept = shippingOptions.filter(({ id }) => id === order.shippingOption?.id);
	const choose = (options: typeof shippingOptions) =>
		chooseShipping(options, {
			id: asked,
			country: shipTo?.country,
			currency,
			goodsWorth: order.subtotal - order.discount,
		});
	const keeps = asked === undefined && ships ? choose(kept) : null;
	const shippingOption = keeps ?? (ships ? choose(shippingOptions) : null);
	const { lines: prices, ...totals } = priceOrder({
		currency,
		lines: lines.map((line) => ({ ...line, productId: line.productId ?? '' })),
		discount: lines.map(({ discountAmount }) => discountAmount),
		shipping: shippingOption?.amount ?? 0,
		rates: {
			physical: rateFor('physical', shipTo, taxRates),
			digital: rateFor('digital', billTo, taxRates),
		},
	});
	return {
		...order,
		...totals,
		shippingOption,
		lines: lines.map((line, index) => ({ ...line, ...prices[index] })),
	};
}

// Also when the sum is the same by chance: what a renewal costs follows from the lines.
function samePrice(before: Order, after: Order): boolean {
	const partsOf = ({ total, shipping, tax, shippingOption, lines }: Order) =>
		JSON.stringify([
			...[total, shipping, tax, shippingOption?.id],
			lines.map(({ taxAmount, taxBasisPoints, taxIncluded, taxName, totalAmount }) => [
				...[taxAmount, taxBasisPoints, taxIncluded, taxName, totalAmount],
			]),
		]);
	return partsOf(before) === partsOf(after);
}

/** Whether two addresses may have different taxes and ways of shipping. */
export function otherPlace(before: Address | null, after: Address | null): boolean {
	return before?.country !== after?.country || before?.region !== after?.region;
}
