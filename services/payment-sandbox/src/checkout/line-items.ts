import { createPrice, type Price } from '../billing/catalogue.ts';
import { newId, type Sandbox } from '../sandbox.ts';
import { refused } from '../wire/error.ts';
import type { NewSession } from './new-session.ts';

/** What is bought: a price and how often. */
export interface LineItem {
	id: string;
	object: 'item';
	adjustable_quantity: null;
	amount_discount: number;
	amount_subtotal: number;
	amount_tax: 0;
	amount_total: number;
	currency: string;
	description: string;
	metadata: Record<string, string>;
	price: Price;
	quantity: number;
}

/** A session's lines, in one currency and fit for its mode; else 400. */
export function linesOf(sandbox: Sandbox, given: NewSession): LineItem[] {
	const lines = given.line_items.map((item, index): LineItem => {
		const price = priceOf(sandbox, item, index);
		const quantity = item.quantity ?? 1;
		const amount = price.unit_amount * quantity;
		return {
			id: newId('li'),
			object: 'item',
			adjustable_quantity: null,
			amount_discount: 0,
			amount_subtotal: amount,
			amount_tax: 0,
			amount_total: amount,
			currency: price.currency,
			description: sandbox.state.get('product', price.product)?.name ?? '',
			metadata: item.metadata ?? {},
			price,
			quantity,
		};
	});
	if (new Set(lines.map(({ currency }) => currency)).size > 1) {
		throw refused('All prices on a Checkout Session must have the same currency.', {
			param: 'line_items',
		});
	}
	const recurring = lines.filter(({ price }) => price.recurring !== null).length;
	if (given.mode === 'payment' && recurring > 0) {
		throw refused(
			'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.',
			{ param: 'mode' },
		);
	}
	if (given.mode === 'subscription' && recurring === 0) {
		throw refused(
			'You must provide at least one recurring price in `subscription` mode when using prices.',
			{ param: 'mode' },
		);
	}
	return lines;
}

function priceOf(sandbox: Sandbox, item: NewSession['line_items'][number], index: number): Price {
	if (item.price !== undefined) {
		const price = sandbox.state.require('price', item.price, `line_items[${index}][price]`);
		if (!price.active)
			throw refused('The price specified is inactive. This field only accepts active prices.', {
				param: `line_items[${index}][price]`,
			});
		return price;
	}
	if (item.price_data !== undefined) return createPrice(sandbox, item.price_data);
	throw refused(`Missing required param: line_items[${index}][price].`, {
		code: 'parameter_missing',
		param: `line_items[${index}][price]`,
	});
}
