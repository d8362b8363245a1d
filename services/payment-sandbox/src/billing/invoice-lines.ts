import { newId, type Sandbox } from '../sandbox.ts';
import type { Price } from './catalogue.ts';
import type { NewInvoice } from './invoice.ts';
import type { SubscriptionItem } from './subscription-items.ts';

/** What one line of an invoice charges for. */
export interface InvoiceLine {
	id: string;
	object: 'line_item';
	amount: number;
	currency: string;
	description: string;
	discount_amounts: { amount: number; discount: string }[];
	discountable: boolean;
	discounts: string[];
	invoice: string;
	livemode: false;
	metadata: Record<string, string>;
	parent: {
		invoice_item_details: null;
		subscription_item_details: {
			invoice_item: null;
			proration: boolean;
			proration_details: null;
			subscription: string;
			subscription_item: string;
		} | null;
		type: 'subscription_item_details' | 'invoice_item_details';
	};
	period: { start: number; end: number };
	pretax_credit_amounts: never[];
	pricing: {
		price_details: { price: string; product: string };
		type: 'price_details';
		unit_amount_decimal: string;
	};
	quantity: number;
	quantity_decimal: string;
	subscription: string | null;
	subtotal: number;
	taxes: never[];
}

/** The line of a subscription item for one period; over nothing during a trial. */
export function lineOf(
	{ state }: Sandbox,
	invoice: string,
	item: SubscriptionItem,
	given: NewInvoice,
): InvoiceLine {
	const { price, quantity } = item;
	const title = state.get('product', price.product)?.name ?? 'Subscription';
	const every = price.recurring === null ? '' : ` / ${price.recurring.interval}`;
	const sold = {
		...soldLine(invoice, item, given),
		metadata: given.subscription.metadata,
		parent: {
			invoice_item_details: null,
			subscription_item_details: {
				...{ invoice_item: null, proration: false, proration_details: null },
				...{ subscription: given.subscription.id, subscription_item: item.id },
			},
			type: 'subscription_item_details' as const,
		},
	};
	return given.free === true
		? { ...sold, amount: 0, subtotal: 0, description: `Trial period for ${title}` }
		: {
				...sold,
				description: `${quantity} × ${title} (at ${(price.unit_amount / 100).toFixed(2)}${every})`,
			};
}

/** The line of something sold once, beside the subscription. */
export function oneTimeLine(
	{ state }: Sandbox,
	invoice: string,
	item: { price: Price; quantity: number },
	given: NewInvoice,
): InvoiceLine {
	return {
		...soldLine(invoice, item, given),
		description: state.get('product', item.price.product)?.name ?? '',
		metadata: {},
		parent: {
			...{ invoice_item_details: null, subscription_item_details: null },
			type: 'invoice_item_details',
		},
	};
}

/** What every line has: so many at a price. */
function soldLine(
	invoice: string,
	{ price, quantity }: { price: Price; quantity: number },
	given: NewInvoice,
): Omit<InvoiceLine, 'description' | 'metadata' | 'parent'> {
	const amount = price.unit_amount * quantity;
	return {
		id: newId('il'),
		object: 'line_item',
		currency: price.currency,
		...{ amount, subtotal: amount, taxes: [], pretax_credit_amounts: [] },
		...{ discount_amounts: [], discountable: true, discounts: [], invoice, livemode: false },
		period: given.period,
		pricing: {
			price_details: { price: price.id, product: price.product },
			type: 'price_details',
			unit_amount_decimal: price.unit_amount_decimal,
		},
		quantity,
		quantity_decimal: String(quantity),
		subscription: given.subscription.id,
	};
}
