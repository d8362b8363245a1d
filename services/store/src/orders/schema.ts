import { pageQuery } from '@autopilot/http';
import { z } from 'zod';
import { currencyCode } from '../money/money.ts';
import { delivery } from '../products/schema.ts';
import { shipment } from '../shipments/schema.ts';

export const orderStatus = z.enum([
	'created',
	'pending_payment',
	'paid',
	'fulfilling',
	'shipped',
	'delivered',
	'cancelled',
	'expired',
	'refunded',
	'partially_refunded',
	'stock_failed',
]);
export type OrderStatus = z.output<typeof orderStatus>;

export const paymentStatus = z.enum([
	'unpaid',
	'pending',
	'paid',
	'partially_refunded',
	'refunded',
	'disputed',
]);
export type PaymentStatus = z.output<typeof paymentStatus>;

const text = (max: number) => z.string().trim().min(1).max(max);

export const address = z.object({
	name: text(200).optional(),
	company: text(200).optional(),
	line1: text(200),
	line2: text(200).optional(),
	city: text(100),
	postalCode: text(20).optional(),
	region: text(100)
		.optional()
		.describe('State or province; taxes by region need its ISO 3166-2 code, e.g. CA'),
	country: z
		.string()
		.regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 code such as DE')
		.describe('ISO 3166-1 alpha-2'),
	phone: text(40).optional(),
});
export type Address = z.output<typeof address>;

export const metadata = z
	.record(z.string().max(100), z.unknown())
	.refine((value) => JSON.stringify(value).length <= 10_000, 'is longer than 10,000 characters');

export const email = z.email().max(254);
export const buyer = {
	email,
	name: text(200),
	locale: z
		.string()
		.regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language tag such as en or pt-BR'),
	customerId: z.uuid(),
	couponCode: text(50),
	shippingOptionId: z.uuid(),
	shippingAddress: address,
	billingAddress: address,
	clickId: text(200).describe(
		'Click that led here, from the mail: revenue is counted for its campaign',
	),
	campaignId: text(200),
	metadata,
};

/** Most of one SKU in an order. */
export const MAX_QUANTITY = 100_000;
export const quantity = z.int().min(1).max(MAX_QUANTITY);

export const orderLineInput = z
	.object({
		sku: text(100).optional(),
		variantId: z.uuid().optional(),
		quantity: quantity.default(1),
	})
	.refine(
		({ sku, variantId }) => (sku === undefined) !== (variantId === undefined),
		'needs either sku or variantId',
	);

export const createOrder = z
	.object(buyer)
	.partial()
	.extend({
		email,
		lines: z.array(orderLineInput).min(1).max(100),
		currency: currencyCode.optional().describe('The currency of the prices when not given'),
		workflowId: text(200).optional(),
	});
export type CreateOrder = z.input<typeof createOrder>;

export const orderLine = z.object({
	id: z.uuid(),
	sku: z.string(),
	title: z.string(),
	delivery,
	quantity: z.int(),
	unitAmount: z.int(),
	discountAmount: z.int(),
	taxAmount: z.int().describe('Tax of the line, added or contained'),
	taxIncluded: z.boolean().describe('Whether unitAmount contains the tax'),
	taxBasisPoints: z.int().describe('1900 is 19 %'),
	taxName: z.string().nullable(),
	totalAmount: z.int().describe('What the buyer pays for the line'),
	productId: z.uuid().nullable(),
	variantId: z.uuid().nullable(),
	planId: z.uuid().nullable(),
});
export type OrderLine = z.output<typeof orderLine>;

const amount = z.int();
const time = z.iso.datetime();

export const order = z.object({
	id: z.uuid(),
	number: z.string(),
	status: orderStatus,
	paymentStatus,
	email: z.string(),
	name: z.string().nullable(),
	locale: z.string(),
	customerId: z.uuid().nullable(),
	currency: z.string(),
	lines: z.array(orderLine),
	subtotal: amount.describe('Minor units of `currency`, as all amounts of an order'),
	discount: amount,
	shipping: amount,
	tax: amount.describe('All tax in the total'),
	taxIncluded: amount.describe('The part of it that prices contain already'),
	shippingTax: amount.describe('The part of it that is for shipping'),
	total: amount.describe('subtotal - discount + shipping + tax - taxIncluded'),
	captured: amount,
	refunded: amount,
	couponCode: z.string().nullable(),
	shippingOption: z
		.object({
			id: z.uuid(),
			name: z.string(),
			amount,
			estimate: z.string().nullable(),
		})
		.nullable(),
	shippingAddress: address.nullable(),
	billingAddress: address.nullable(),
	shipments: z.array(shipment),
	clickId: z.string().nullable(),
	campaignId: z.string().nullable(),
	workflowId: z.string().nullable(),
	correlationId: z.string(),
	metadata: z.record(z.string(), z.unknown()),
	checkoutUrl: z.string().describe('Stable page where the buyer pays'),
	orderUrl: z.string().describe('Page of the order for its buyer'),
	expiresAt: time.describe('Until when stock is held for it'),
	createdAt: time,
	updatedAt: time,
	paidAt: time.nullable(),
	shippedAt: time.nullable(),
	deliveredAt: time.nullable(),
	cancelledAt: time.nullable(),
});
export type Order = z.output<typeof order>;

export const updateOrder = z
	.object({
		metadata,
		shippingAddress: address,
		billingAddress: address,
		shippingOptionId: z.uuid().describe('Before the payment only'),
	})
	.partial()
	.refine((patch) => Object.keys(patch).length > 0, 'names nothing to change');
export type UpdateOrder = z.output<typeof updateOrder>;

const filters = {
	status: orderStatus.optional(),
	email: email.optional(),
	customerId: z.uuid().optional(),
	from: time.optional().describe('Created at or after'),
	to: time.optional().describe('Created before'),
	q: text(200).optional().describe('Part of number, e-mail or name'),
	unattendedMinutes: z.coerce
		.number()
		.int()
		.min(1)
		.optional()
		.describe(
			'Paid, unchanged for so long, and no flow waits for them: not delivered, or delivered after a wait that nobody has completed; without those whose metadata say needsAttention',
		),
};
export const listOrders = z.object({ ...pageQuery, cursor: z.uuid().optional(), ...filters });
export const exportOrders = z.object(filters);
export type OrderFilter = z.output<typeof exportOrders>;

export const cancelOrder = z.object({
	reason: text(500).optional(),
	refund: z.boolean().default(false).describe('Give back what was paid; needed once it is paid'),
});
export type CancelOrder = z.output<typeof cancelOrder>;

export const createNote = z.object({ text: text(5000) });
export const note = z.object({
	id: z.uuid(),
	text: z.string(),
	author: z.string().describe('Name of the API key'),
	createdAt: time,
});
export type Note = z.output<typeof note>;

export const historyEntry = z.object({
	id: z.uuid(),
	kind: z.string(),
	fromStatus: orderStatus.nullable(),
	toStatus: orderStatus.nullable(),
	detail: z.record(z.string(), z.unknown()),
	correlationId: z.string(),
	createdAt: time,
});
export type HistoryEntry = z.output<typeof historyEntry>;
