import { serviceEnvironment } from '@autopilot/http';
import { storageEnvironment } from '@autopilot/storage';
import { z } from 'zod';

export const configSchema = z.object({
	...serviceEnvironment,
	...storageEnvironment,
	/** Files that buyers download. */
	STORAGE_DIR: storageEnvironment.STORAGE_DIR.default('.autopilot/files/store'),
	/** First characters of every licence key; keys that are out keep theirs. */
	LICENSE_KEY_PREFIX: z
		.string()
		.regex(/^[A-Z0-9]{1,10}$/)
		.default('AP'),
	/** On every page that a buyer sees. */
	STORE_NAME: z.string().trim().min(1).max(100).default('Autopilot Store'),
	/** How long an order that is not paid holds its stock. */
	RESERVATION_SECONDS: z.coerce.number().int().min(60).default(1800),
	/** After how long an unpaid order is told as abandoned, once. */
	ABANDONED_AFTER_SECONDS: z.coerce.number().int().min(60).default(3600),
	/** Without keys of any gateway nothing can be paid, and all that asks for it answers 503. */
	STRIPE_SECRET_KEY: z.string().min(1).optional(),
	/** Secret of the webhook endpoint /webhooks/stripe. */
	STRIPE_WEBHOOK_SECRET: z.string().min(1).optional(),
	/** Base URL of the payment sandbox; Stripe itself when not set. */
	STRIPE_API_URL: z.url().optional(),
	RAZORPAY_KEY_ID: z.string().min(1).optional(),
	RAZORPAY_KEY_SECRET: z.string().min(1).optional(),
	RAZORPAY_WEBHOOK_SECRET: z.string().min(1).optional(),
	RAZORPAY_API_URL: z.url().optional(),
});
export type Config = z.output<typeof configSchema>;
