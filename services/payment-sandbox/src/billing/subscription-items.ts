import { z } from 'zod';
import { newId, type Sandbox } from '../sandbox.ts';
import { refused } from '../wire/error.ts';
import { count, metadata, text } from '../wire/parameters.ts';
import { createPrice, type Price } from './catalogue.ts';
import type { NewSubscription } from './new-subscription.ts';
import { priceData } from './parameters.ts';
import { periodOf, type Subscription } from './subscription.ts';

/** A price of a subscription and how often; all items of one share its period. */
export interface SubscriptionItem {
	id: string;
	object: 'subscription_item';
	billing_thresholds: null;
	created: number;
	current_period_end: number;
	current_period_start: number;
	current_trial: null;
	discounts: string[];
	metadata: Record<string, string>;
	plan: unknown;
	price: Price;
	quantity: number;
	subscription: string;
	tax_rates: never[];
}

/** An item for one period; not kept by itself, the subscription carries it. */
export function itemOf(
	subscription: string,
	{ price, quantity }: NewSubscription['items'][number],
	period: { start: number; end: number },
): SubscriptionItem {
	return {
		id: newId('si'),
		object: 'subscription_item',
		billing_thresholds: null,
		created: period.start,
		current_period_end: period.end,
		current_period_start: period.start,
		current_trial: null,
		discounts: [],
		metadata: {},
		plan: {
			...{ id: price.id, object: 'plan', active: price.active, amount: price.unit_amount },
			...{ currency: price.currency, interval: price.recurring?.interval },
			...{ interval_count: price.recurring?.interval_count, product: price.product },
		},
		price,
		quantity,
		subscription,
		tax_rates: [],
	};
}

/** `items[]` of a subscription: a price that is there, or one made on the spot. */
export const itemParameters = z.strictObject({
	id: text.optional(),
	price: text.optional(),
	price_data: priceData.optional(),
	quantity: count.pipe(z.number().min(1)).optional(),
	metadata: metadata.optional(),
});
type ItemParameters = z.output<typeof itemParameters>;

/** The price that an item names or describes; 400 when it does neither. */
export function priceOf(sandbox: Sandbox, given: ItemParameters, index: number): Price {
	if (given.price !== undefined)
		return sandbox.state.require('price', given.price, `items[${index}][price]`);
	if (given.price_data !== undefined) return createPrice(sandbox, given.price_data);
	throw refused(`Missing required param: items[${index}][price].`, {
		code: 'parameter_missing',
		param: `items[${index}][price]`,
	});
}

/** Prices and quantities of items; the change counts from the next invoice on (no prorations). */
export function replaceItems(
	sandbox: Sandbox,
	subscription: Subscription,
	given: ItemParameters[],
): void {
	const period = periodOf(subscription);
	for (const [index, one] of given.entries()) {
		const known =
			subscription.items.data.find(({ id }) => id === one.id) ??
			(one.id === undefined ? subscription.items.data[0] : undefined);
		if (known === undefined)
			throw refused(`No such subscription item: '${one.id ?? ''}'`, {
				code: 'resource_missing',
				param: `items[${index}][id]`,
			});
		const price =
			one.price === undefined && one.price_data === undefined
				? known.price
				: priceOf(sandbox, one, index);
		const made = itemOf(
			subscription.id,
			{ price, quantity: one.quantity ?? known.quantity },
			period,
		);
		const changed = { ...made, id: known.id, created: known.created };
		subscription.items = {
			...subscription.items,
			data: subscription.items.data.map((old) => (old.id === known.id ? changed : old)),
		};
	}
}
