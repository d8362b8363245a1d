import { z } from 'zod';

export const until = z.enum(['shipped', 'delivered']);
export type Until = z.output<typeof until>;

export const createWait = z.object({
	until: until.default('delivered'),
	callback: z
		.object({
			url: z.url({ protocol: /^https?$/ }).max(2000),
			count: z
				.int()
				.min(1)
				.max(1000)
				.default(1)
				.describe('For how many orders the same URL waits; it is called once, after the last'),
		})
		.optional()
		.describe('Called once, signed, when the order has come so far or never will'),
});
export type CreateWait = z.output<typeof createWait>;
