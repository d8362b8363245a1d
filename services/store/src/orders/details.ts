import { isDeepStrictEqual } from 'node:util';
import { mergePatch, notFound, unprocessable } from '@autopilot/http';
import type { Tx } from '@autopilot/postgres';
import type { Cause } from '../products/products.ts';
import { insertNote } from './history-store.ts';
import { lockOrder, move, tell } from './payment.ts';
import type { Address, Note, Order, UpdateOrder } from './schema.ts';
import { otherPlace, reprice } from './reprice.ts';
import { orderState, UNPAID } from './states.ts';
import { type Change, findOrder, updateOrderRow } from './store.ts';

const BEFORE_SHIPPING: readonly Order['status'][] = [
	'created',
	'pending_payment',
	'paid',
	'fulfilling',
];

/**
 * Changes details: metadata is merged, addresses are replaced as long as nothing was shipped. Country and region decide
 * taxes and shipping: before the payment they price the order anew, after it they stay as they were paid for. Told as
 * `order.updated`, unless all was so already.
 */
export async function changeDetails(
	tx: Tx,
	id: string,
	patch: UpdateOrder,
	cause: Cause,
): Promise<Order> {
	const { order } = await lockOrder(tx, id);
	const { metadata, shippingOptionId, ...addresses } = patch;
	const unpaid = UNPAID.includes(order.status);
	if (shippingOptionId !== undefined && !unpaid) throw orderState(order, 'travel another way');
	if (Object.keys(addresses).length > 0) {
		if (!BEFORE_SHIPPING.includes(order.status) || order.shipments.length > 0) {
			throw orderState(order, 'get another address');
		}
		if (!unpaid) {
			assertSamePlace('/shippingAddress', order.shippingAddress, addresses.shippingAddress);
			assertSamePlace('/billingAddress', order.billingAddress, addresses.billingAddress);
		}
	}
	const details = {
		shippingAddress: addresses.shippingAddress ?? order.shippingAddress,
		billingAddress: addresses.billingAddress ?? order.billingAddress,
		metadata: metadata === undefined ? order.metadata : mergePatch(order.metadata, metadata),
	};
	const changed: Order = { ...order, ...details };
	const differs = !isDeepStrictEqual(changed, order);
	if (differs) await updateOrderRow(tx, id, details);
	const priced = unpaid && movesPrice(order, patch) ? await reprice(tx, changed, patch) : undefined;
	const repriced = priced !== undefined && priced.order !== changed;
	if (!differs && !repriced) return order;
	const total = { from: order.total, to: priced?.order.total };
	const change: Change = {
		kind: 'changed',
		detail: { fields: Object.keys(patch), ...(priced === undefined ? {} : { total }) },
		// The page that the buyer was sent to is closed: they are to be sent to another one.
		...(priced?.superseded === true ? { status: 'created', paymentStatus: 'unpaid' } : {}),
	};
	return tell(tx, await move(tx, order, change, cause), 'order.updated', cause);
}

function movesPrice(order: Order, patch: UpdateOrder): boolean {
	const { shippingAddress = order.shippingAddress, billingAddress = order.billingAddress } = patch;
	return (
		patch.shippingOptionId !== undefined ||
		otherPlace(order.shippingAddress, shippingAddress) ||
		otherPlace(order.billingAddress, billingAddress)
	);
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
		'Country and region decide taxes and shipping, and the order is paid. Cancel it with a refund and make a new one.',
		[{ pointer, detail: 'is in another country or region' }],
	);
}
