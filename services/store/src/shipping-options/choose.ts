import { unprocessable } from '@autopilot/http';
import type { QuotedShippingOption } from '../orders/quote.ts';
import type { Order } from '../orders/schema.ts';

/**
 * The way the goods travel: the one that was asked for, else the cheapest that goes there. Where the store has no
 * options at all for a place, shipping costs nothing (goods that are picked up, or a price that contains it).
 * @param options  active ones, the cheapest first
 * @param order.goodsWorth  after the coupon, before tax; decides whether they travel free
 */
export function chooseShipping(
	options: readonly QuotedShippingOption[],
	order: {
		id: string | undefined;
		country: string | undefined;
		currency: string;
		goodsWorth: number;
	},
): Order['shippingOption'] {
	const fitting = options
		.filter(({ countries, currency }) => currency === order.currency && goesTo(countries, order))
		.map((option) => ({
			id: option.id,
			name: option.name,
			amount: order.goodsWorth >= (option.freeFrom ?? Infinity) ? 0 : option.amount,
			estimate: option.estimate,
		}));
	if (order.id === undefined) return fitting.sort((a, b) => a.amount - b.amount)[0] ?? null;
	const chosen = fitting.find(({ id }) => id === order.id?.toLowerCase());
	if (chosen !== undefined) return chosen;
	const others = fitting.map(({ id, name }) => `${name} (${id})`).join(', ');
	throw unprocessable(
		'shipping_option_unfit',
		`That shipping option does not go to ${order.country ?? 'an unknown country'} for orders in ${order.currency}. ${others === '' ? 'Leave it out.' : `Use one of: ${others}.`}`,
		[{ pointer: '/shippingOptionId', detail: 'does not fit' }],
	);
}

function goesTo(countries: readonly string[], { country }: { country: string | undefined }) {
	return countries.length === 0 || (country !== undefined && countries.includes(country));
}
