import { z } from 'zod';
import { buyer, MAX_QUANTITY, quantity } from '../orders/schema.ts';
import { delivery } from '../products/schema.ts';

const cartLine = z.object({ sku: z.string().trim().min(1).max(100), quantity });
export type CartLine = z.output<typeof cartLine>;

const optional = z.object(buyer).partial();

export const createCart = optional.extend({ lines: z.array(cartLine).max(100).default([]) });
export type CreateCart = z.output<typeof createCart>;

export const updateCart = z
	.object({
		...buyer,
		couponCode: buyer.couponCode.nullable(),
		shippingOptionId: buyer.shippingOptionId.nullable(),
		billingAddress: buyer.billingAddress.nullable(),
	})
	.partial()
	.refine((patch) => Object.keys(patch).length > 0, 'names nothing to change');
export type UpdateCart = z.output<typeof updateCart>;

export const setCartLine = z.object({
	quantity: z.int().min(0).max(MAX_QUANTITY).describe('0 takes it out'),
});

const amount = z.int();

/** What is stored; the rest of a cart is reckoned when it is looked at. */
export const storedCart = z.object({
	id: z.uuid(),
	email: z.string().nullable(),
	name: z.string().nullable(),
	locale: z.string(),
	customerId: z.uuid().nullable(),
	couponCode: z.string().nullable(),
	shippingOptionId: z.uuid().nullable(),
	shippingAddress: buyer.shippingAddress.nullable(),
	billingAddress: buyer.billingAddress.nullable(),
	clickId: z.string().nullable(),
	campaignId: z.string().nullable(),
	metadata: z.record(z.string(), z.unknown()),
	orderId: z.uuid().nullable().describe('The order that was made of it'),
	createdAt: z.iso.datetime(),
	updatedAt: z.iso.datetime(),
});

export const cart = storedCart.extend({
	lines: z.array(
		z.object({
			sku: z.string(),
			quantity: z.int(),
			title: z.string().nullable(),
			delivery: delivery.nullable(),
			unitAmount: amount.nullable(),
			available: z.int().nullable().describe('null when it is not counted or not sold any more'),
		}),
	),
	price: z
		.object({
			currency: z.string(),
			subtotal: amount,
			discount: amount,
			shipping: amount,
			tax: amount,
			taxIncluded: amount,
			total: amount,
		})
		.nullable()
		.describe('As an order would be priced now; null when it can not be ordered'),
	problem: z
		.object({ code: z.string(), detail: z.string() })
		.nullable()
		.describe('Why it can not be ordered as it is'),
});
export type Cart = z.output<typeof cart>;
export type StoredCart = z.output<typeof storedCart> & { lines: CartLine[] };
