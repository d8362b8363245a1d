import type { Database } from '@autopilot/postgres';
import { Readable } from 'node:stream';
import { toDecimal } from '../money/money.ts';
import type { Order, OrderFilter } from './schema.ts';
import { selectOrders } from './store.ts';

const PAGE = 500;

const money = (pick: (order: Order) => number) => (order: Order) =>
	toDecimal({ amount: pick(order), currency: order.currency });

const COLUMNS: [string, (order: Order) => string | null][] = [
	['number', (order) => order.number],
	['status', (order) => order.status],
	['payment_status', (order) => order.paymentStatus],
	['created_at', (order) => order.createdAt],
	['paid_at', (order) => order.paidAt],
	['email', (order) => order.email],
	['name', (order) => order.name],
	['country', (order) => (order.shippingAddress ?? order.billingAddress)?.country ?? null],
	['items', (order) => order.lines.map(({ sku, quantity }) => `${quantity} x ${sku}`).join('; ')],
	['currency', (order) => order.currency],
	['subtotal', money((order) => order.subtotal)],
	['discount', money((order) => order.discount)],
	['shipping', money((order) => order.shipping)],
	['tax', money((order) => order.tax)],
	['total', money((order) => order.total)],
	['captured', money((order) => order.captured)],
	['refunded', money((order) => order.refunded)],
	['coupon', (order) => order.couponCode],
	['campaign_id', (order) => order.campaignId],
	['click_id', (order) => order.clickId],
	['id', (order) => order.id],
];

/**
 * Orders as CSV (RFC 4180), amounts as decimals. Read and sent page by page: a year of orders needs no more memory
 * than a day.
 */
export function csvOf(db: Database, filter: OrderFilter): Readable {
	return Readable.from(rows(db, filter));
}

async function* rows(db: Database, filter: OrderFilter): AsyncGenerator<string> {
	yield `${COLUMNS.map(([name]) => name).join(',')}\r\n`;
	let cursor: string | undefined;
	do {
		const orders = await selectOrders(db, { ...filter, limit: PAGE, cursor });
		const page = orders.slice(0, PAGE);
		yield page.map(toRow).join('');
		cursor = orders.length > PAGE ? page.at(-1)?.id : undefined;
	} while (cursor !== undefined);
}

function toRow(order: Order): string {
	return `${COLUMNS.map(([, value]) => cell(value(order) ?? '')).join(',')}\r\n`;
}

/** A spreadsheet runs what begins like a formula; buyers write names and metadata. */
export function cell(text: string): string {
	const harmless = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
	return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
