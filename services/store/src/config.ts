import { serviceEnvironment } from '@autopilot/http';
import { z } from 'zod';

export const configSchema = z.object({
	...serviceEnvironment,
	/** First characters of every licence key; keys that are out keep theirs. */
	LICENSE_KEY_PREFIX: z
		.string()
		.regex(/^[A-Z0-9]{1,10}$/)
		.default('AP'),
	/** How long an order that is not paid holds its stock. */
	RESERVATION_SECONDS: z.coerce.number().int().min(60).default(1800),
	/** After how long an unpaid order is told as abandoned, once. */
	ABANDONED_AFTER_SECONDS: z.coerce.number().int().min(60).default(3600),
});
export type Config = z.output<typeof configSchema>;
