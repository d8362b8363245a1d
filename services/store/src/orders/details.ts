import { mergePatch, notFound, unprocessable } from '@autopilot/http';
import type { Tx } from '@autopilot/postgres';
import type { Cause } from '../products/products.ts';
import { insertNote } from './history-store.ts';
import { lockOrder, move } from './payment.ts';
import type { Address, Note, Order, UpdateOrder } from './schema.ts';
import { orderState } from './states.ts';
import { findOrder, updateOrderRow } from './store.ts';

const BEFORE_SHIPPING: readonly Order['status'][] = [
	'created',
	'pending_payment',
	'paid',
	'fulfilling',
];

/**
 * Changes what has no price: metadata is merged, addresses are replaced as long as nothing was shipped. Country and
 * region decide taxes and shipping, so they stay as the order was priced.
 */
export async function changeDetails(
	tx: Tx,
	id: string,
	patch: UpdateOrder,
	cause: Cause,
): Promise<Order> {
	const { order } = await lockOrder(tx, id);
	const { metadata, ...addresses } = patch;
	if (Object.keys(addresses).length > 0) {
		if (!BEFORE_SHIPPING.includes(order.status) || order.shipments.length > 0) {
			throw orderState(order, 'get another address');
		}
		assertSamePlace('/shippingAddress', order.shippingAddress, addresses.shippingAddress);
		assertSamePlace('/billingAddress', order.billingAddress, addresses.billingAddress);
	}
	await updateOrderRow(tx, id, {
		...addresses,
		...(metadata === undefined ? {} : { metadata: mergePatch(order.metadata, metadata) }),
	});
	return move(tx, order, { kind: 'changed', detail: { fields: Object.keys(patch) } }, cause);
}

export async function addNote(
	tx: Tx,
	id: string,
	note: { text: string; author: string },
): Promise<Note> {
	if ((await findOrder(tx, id)) === undefined) throw notFound('order', id);
	return insertNote(tx, id, note);
}

function assertSamePlace(pointer: string, before: Address | null, after: Address | undefined) {
	if (before === null || after === undefined) return;
	if (before.country === after.country && before.region === after.region) return;
	throw unprocessable(
		'country_priced',
		'Country and region decide taxes and shipping, and the order is priced. Cancel it and make a new one.',
		[{ pointer, detail: 'is in another country or region' }],
	);
}
