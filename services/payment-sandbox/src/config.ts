import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

/** Environment of the payment sandbox. */
export const configSchema = z.object({
	HOST: z.string().default('127.0.0.1'),
	PORT: port,
	/** Base URL under which a buyer's browser reaches the pay pages. */
	PUBLIC_URL: z.url().transform((url) => url.replace(/\/+$/, '')),
	/** Folder of its one file, `sandbox.sqlite`. */
	STORAGE_DIR: z.string().min(1),
	LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
	/** The only key that is let in. */
	STRIPE_SECRET_KEY: z.string().startsWith('sk_test_'),
	/** An endpoint that is there from the first start, with its secret and the events it wants (comma list, `*` for all). */
	STRIPE_WEBHOOK_URL: z.url().optional(),
	STRIPE_WEBHOOK_SECRET: z.string().startsWith('whsec_').optional(),
	STRIPE_WEBHOOK_EVENTS: z
		.string()
		.default('*')
		.transform((list) => list.split(',').map((type) => type.trim())),
	/** How long a debit from a bank account is under way; PUT /_sandbox/debits changes it. */
	DEBIT_SECONDS: z.coerce
		.number()
		.int()
		.min(0)
		.max(86_400 * 30)
		.default(10),
	RAZORPAY_KEY_ID: z.string().min(1).optional(),
	RAZORPAY_KEY_SECRET: z.string().min(1).optional(),
	RAZORPAY_WEBHOOK_URL: z.url().optional(),
	RAZORPAY_WEBHOOK_SECRET: z.string().min(1).optional(),
	/** Name on the pay page. */
	STORE_NAME: z.string().default('Autopilot Store'),
});
export type Config = z.output<typeof configSchema>;
