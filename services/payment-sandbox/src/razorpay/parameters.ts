import { z } from 'zod';

const notes = z.record(z.string(), z.union([z.string(), z.number()]).transform(String));

/** `POST payment_links`. Amounts are in paise, times in Unix seconds. */
export const newLink = z.strictObject({
	amount: z.int().min(100),
	currency: z.string().length(3).default('INR'),
	accept_partial: z.literal(false).optional(),
	description: z.string().max(2048).default(''),
	reference_id: z.string().max(40).default(''),
	customer: z
		.strictObject({
			name: z.string().optional(),
			email: z.string().optional(),
			contact: z.string().optional(),
		})
		.default({}),
	notify: z
		.strictObject({ email: z.boolean().default(false), sms: z.boolean().default(false) })
		.optional(),
	reminder_enable: z.boolean().default(false),
	notes: notes.optional(),
	callback_url: z.url().optional(),
	callback_method: z.literal('get').optional(),
	expire_by: z.int().default(0),
});
export type NewLink = z.output<typeof newLink>;

/** `POST payments/{id}/refund`; without an amount, all that is left. */
export const newRefund = z.strictObject({
	amount: z.int().min(1).optional(),
	speed: z.enum(['normal', 'optimum']).optional(),
	notes: notes.optional(),
	receipt: z.string().max(40).optional(),
});
export type NewRefund = z.output<typeof newRefund>;

/** Razorpay's paging: counted, not by cursor. */
export const range = z.object({
	from: z.coerce.number().int().optional(),
	to: z.coerce.number().int().optional(),
	count: z.coerce.number().int().min(1).max(100).default(10),
	skip: z.coerce.number().int().min(0).default(0),
});
