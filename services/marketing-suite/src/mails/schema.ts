import { pageQuery } from '@autopilot/http';
import { z } from 'zod';
import { displayName, email } from '../mailbox.ts';
import { subject } from '../templates/schema.ts';

const mailbox = z.object({ email, name: displayName.nullable().default(null) });

export const mailState = z
	.enum(['queued', 'sending', 'sent', 'failed', 'suppressed'])
	.describe('suppressed: the address is on the suppression list');

export const createMail = z.object({
	to: mailbox,
	templateId: z.string().trim().min(1).max(200).describe('Id or name of the template'),
	subject: subject.optional().describe('Instead of the subject of the template'),
	data: z.record(z.string(), z.unknown()).default({}).describe('What the template sees as `data`'),
	from: mailbox.optional(),
	replyTo: email.optional(),
	sendOnceKey: z
		.string()
		.trim()
		.min(1)
		.max(200)
		.optional()
		.describe('A mail with a known key is not sent again; the first one is the answer'),
});
export type CreateMail = z.output<typeof createMail>;

export const mail = z.object({
	id: z.uuid(),
	sendOnceKey: z.string().nullable(),
	to: z.object({ email: z.string(), name: z.string().nullable() }),
	subject: z.string(),
	templateId: z.uuid().nullable(),
	state: mailState,
	attempts: z.int(),
	response: z.string().nullable().describe('What the SMTP server said'),
	error: z.string().nullable(),
	createdAt: z.iso.datetime(),
	sentAt: z.iso.datetime().nullable(),
});
export type Mail = z.output<typeof mail>;

export const renderedMail = mail.extend({ html: z.string(), text: z.string() });
export type RenderedMail = z.output<typeof renderedMail>;

export const listMails = z.object({
	...pageQuery,
	cursor: z.uuid().optional(),
	email: email.optional(),
	state: mailState.optional(),
});
export type ListMails = z.output<typeof listMails>;
