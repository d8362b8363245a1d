import { z } from 'zod';

// Only what is read of Razorpay's entities.
const ours = z.uuid().optional().catch(undefined);
const notes = z
	.union([z.object({ order_id: ours, payment_id: ours, refund_id: ours }), z.array(z.unknown())])
	.nullish()
	.transform((value) => (value == null || Array.isArray(value) ? {} : value));

export const razorpayLink = z.object({
	id: z.string(),
	short_url: z.string(),
	status: z.string(),
	expire_by: z.number().default(0),
	notes,
});

export const razorpayPayment = z.object({
	id: z.string(),
	amount: z.number(),
	currency: z.string(),
	status: z.string(),
	captured: z.boolean().nullish(),
	notes,
	fee: z.number().nullish(),
	error_code: z.string().nullish(),
	error_description: z.string().nullish(),
	created_at: z.number(),
});

export const razorpayRefund = z.object({
	id: z.string(),
	payment_id: z.string(),
	amount: z.number(),
	currency: z.string(),
	status: z.string(),
	notes,
	created_at: z.number(),
});

export const razorpayDispute = z.object({
	id: z.string(),
	payment_id: z.string(),
	amount: z.number(),
	currency: z.string(),
	reason_code: z.string().nullish(),
	respond_by: z.number().nullish(),
	phase: z.string().nullish(),
	status: z.string(),
});

export const razorpaySettlement = z.object({ id: z.string(), amount: z.number() });

const entity = z.object({ entity: z.looseObject({ id: z.string(), notes: notes.optional() }) });

export const razorpayEvent = z.object({
	event: z.string(),
	created_at: z.number(),
	payload: z
		.object({
			payment: entity,
			payment_link: entity,
			refund: entity,
			dispute: entity,
			settlement: entity,
		})
		.partial(),
});

export function collectionOf<Item extends z.ZodType>(item: Item) {
	return z.object({ items: z.array(item) });
}
