import { createHmac, timingSafeEqual } from 'node:crypto';
import { orderSettings } from './settings.ts';

const UUID_BYTES = 16;
const MAC_BYTES = 16;

/**
 * What opens the buyer's page of an order without a log-in: the order's id and a keyed hash of it, 43 characters.
 * Nothing of it is stored; a new SIGNING_SECRET makes all of them invalid.
 */
export function orderToken(orderId: string): string {
	const id = Buffer.from(orderId.replaceAll('-', ''), 'hex');
	return Buffer.concat([id, macOf(id)]).toString('base64url');
}

/** The order that a token opens, or undefined when it is none of ours. */
export function orderIdOfToken(token: string): string | undefined {
	const bytes = Buffer.from(token, 'base64url');
	if (bytes.length !== UUID_BYTES + MAC_BYTES) return undefined;
	const id = bytes.subarray(0, UUID_BYTES);
	if (!timingSafeEqual(bytes.subarray(UUID_BYTES), macOf(id))) return undefined;
	return id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Addresses of the buyer's page and of its pay button; they stay the same as long as the order lives. */
export function orderLinks(orderId: string): { orderUrl: string; checkoutUrl: string } {
	const orderUrl = `${orderSettings().publicUrl}/orders/${orderToken(orderId)}`;
	return { orderUrl, checkoutUrl: `${orderUrl}/pay` };
}

function macOf(id: Buffer): Buffer {
	return createHmac('sha256', orderSettings().signingSecret)
		.update('order-page/')
		.update(id)
		.digest()
		.subarray(0, MAC_BYTES);
}
