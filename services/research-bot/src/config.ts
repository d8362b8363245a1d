import { serviceEnvironment } from '@autopilot/http';
import { storageEnvironment } from '@autopilot/storage';
import { z } from 'zod';

/** Environment of the research bot: server and worker read the same. */
export const configSchema = z.object({
	...serviceEnvironment,
	...storageEnvironment,
	CHROMIUM_PATH: z.string().default('/usr/bin/chromium-headless-shell'),
	/** `off` where the kernel gives no user namespaces (most containers); root can never have it. */
	CHROMIUM_SANDBOX: z.enum(['on', 'off']).default('on'),
	/** Names the bot and whom to ask; robots.txt rules are matched with its product token. */
	USER_AGENT: z
		.string()
		.default('Mozilla/5.0 (compatible; AutopilotBot/1.0; +https://autopilot.example/bot)'),
	PER_HOST_DELAY_MS: z.coerce.number().int().min(0).default(1000),
	PER_HOST_CONCURRENCY: z.coerce.number().int().min(1).default(2),
	BROWSER_PAGES: z.coerce.number().int().min(1).max(16).default(2),
});

export type Config = z.output<typeof configSchema>;
