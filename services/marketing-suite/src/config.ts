import { serviceEnvironment } from '@autopilot/http';
import { z } from 'zod';
import { parseMailbox } from './mailbox.ts';

export const configSchema = z.object({
	...serviceEnvironment,
	/** `smtp://user:password@host:port`, or `smtps://` for TLS from the first byte. */
	SMTP_URL: z.url({ protocol: /^smtps?$/ }).default('smtp://127.0.0.1:1025'),
	/** Sender of campaigns that name none: `Name <address>` or an address. */
	MAIL_FROM: z
		.string()
		.default('Autopilot <hello@autopilot.example>')
		.transform((text, context) => {
			const mailbox = parseMailbox(text);
			if (mailbox !== undefined) return mailbox;
			context.addIssue('must be an address, or Name <address>');
			return z.NEVER;
		}),
	/** Mails per second of all workers together; 0 sets no limit. */
	SEND_RATE_PER_SECOND: z.coerce.number().min(0).default(0),
	/** SMTP connections of one worker: as many mails are under way at once, and no more can become uncertain. */
	SMTP_CONNECTIONS: z.coerce.number().int().min(1).max(100).default(10),
	/** Seconds without a sign of life after which the mails of a worker that died are looked after. */
	SEND_LEASE_SECONDS: z.coerce.number().min(1).max(600).default(15),
	/** Web inbox of the embedded mail catcher: it can tell which mails have arrived. */
	INBOX_URL: z.url().optional(),
	/** Base URL of the store's pages: links that lead there carry campaign and click, so that an order knows its mail. */
	STORE_URL: z.url().optional(),
});
export type Config = z.output<typeof configSchema>;
