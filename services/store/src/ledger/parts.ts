import type { Order } from '../orders/schema.ts';
import type { Part } from './entries.ts';

/** What an order's total is made of: its lines, and shipping. */
export function partsOf({ lines, total, shippingTax }: Order): Part[] {
	const goods = lines.reduce((sum, { totalAmount }) => sum + totalAmount, 0);
	return [
		...lines.map(({ productId, totalAmount, taxAmount }) => ({
			productId,
			net: totalAmount - taxAmount,
			tax: taxAmount,
		})),
		{ productId: null, net: total - goods - shippingTax, tax: shippingTax },
	];
}
