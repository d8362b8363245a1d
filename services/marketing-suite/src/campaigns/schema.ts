import { pageQuery } from '@autopilot/http';
import { callback } from '@autopilot/jobs';
import { z } from 'zod';
import { listReferences } from '../lists/schema.ts';
import { displayName, email } from '../mailbox.ts';
import { mjml, subject } from '../templates/schema.ts';

const fields = {
	name: z.string().trim().min(1).max(200),
	subject: subject.describe('With Liquid tags; that of the template when not given'),
	preheader: z.string().trim().max(500).describe('Line that mail programs show after the subject'),
	from: z.object({ name: displayName.optional(), email }).describe('MAIL_FROM when not given'),
	replyTo: email,
	templateId: z.string().trim().min(1).max(200).describe('Id or name of a template'),
	mjml: mjml.describe('MJML with Liquid tags, instead of a template'),
	lists: listReferences.min(1),
	data: z.record(z.string(), z.unknown()).describe('What the template finds as data'),
	trackOpens: z.boolean(),
	trackClicks: z.boolean(),
	deliveryPolicy: z
		.enum(['at_most_once', 'at_least_once'])
		.describe(
			'What becomes of a mail of which a crash left unknown whether it went out: left as uncertain, or sent again',
		),
};
const { name: _name, lists: _lists, ...optional } = fields;

const oneContent = {
	check: (input: { templateId?: unknown; mjml?: unknown }) =>
		input.templateId === undefined || input.mjml === undefined,
	message: 'give templateId or mjml, not both',
};

export const createCampaign = z
	.object({
		...z.object(optional).partial().shape,
		name: fields.name,
		lists: fields.lists,
		data: fields.data.default({}),
		trackOpens: fields.trackOpens.default(true),
		trackClicks: fields.trackClicks.default(true),
		deliveryPolicy: fields.deliveryPolicy.default('at_most_once'),
		sendOnceKey: z
			.string()
			.trim()
			.min(1)
			.max(200)
			.optional()
			.describe('Another campaign with this key is not created; the first is answered (200)'),
	})
	.refine((input) => input.templateId !== undefined || input.mjml !== undefined, {
		path: ['templateId'],
		message: 'give templateId or mjml',
	})
	.refine(oneContent.check, { path: ['mjml'], message: oneContent.message });
export type CreateCampaign = z.output<typeof createCampaign>;

export const updateCampaign = z
	.object(fields)
	.partial()
	.refine((patch) => Object.keys(patch).length > 0, 'names nothing to change')
	.refine(oneContent.check, { path: ['mjml'], message: oneContent.message });
export type UpdateCampaign = z.output<typeof updateCampaign>;

export const status = z.enum(['draft', 'sending', 'paused', 'cancelled', 'sent', 'failed']);

export const campaign = z.object({
	id: z.uuid(),
	name: z.string(),
	status,
	subject: z.string().nullable(),
	preheader: z.string().nullable(),
	from: z.object({ name: z.string().nullable(), email: z.string() }).nullable(),
	replyTo: z.string().nullable(),
	templateId: z.uuid().nullable(),
	mjml: z.string().nullable(),
	lists: z.array(z.uuid()),
	data: z.record(z.string(), z.unknown()),
	sendOnceKey: z.string().nullable(),
	trackOpens: z.boolean(),
	trackClicks: z.boolean(),
	deliveryPolicy: fields.deliveryPolicy,
	audience: z.int().nullable().describe('Recipients in the ledger; null for a draft'),
	jobId: z.uuid().nullable(),
	error: z.string().nullable().describe('Why it failed or was paused by itself'),
	createdAt: z.iso.datetime(),
	updatedAt: z.iso.datetime(),
	startedAt: z.iso.datetime().nullable(),
	finishedAt: z.iso.datetime().nullable(),
});
export type Campaign = z.output<typeof campaign>;

export const listCampaigns = z.object({
	...pageQuery,
	cursor: z.uuid().optional(),
	status: status.optional(),
	q: z.string().trim().min(1).max(200).optional().describe('Part of the name'),
});
export type ListCampaigns = z.output<typeof listCampaigns>;

export const sendCampaign = z.object({ callback: callback.optional() }).nullish();
export const sendQuery = z.object({
	dryRun: z
		.enum(['true', 'false'])
		.default('false')
		.describe('true: count and check, and send nothing'),
});

export const blocker = z.object({ code: z.string(), detail: z.string() });
export type Blocker = z.output<typeof blocker>;

export const sendResult = z.object({
	id: z.uuid(),
	status,
	audience: z.int(),
	suppressed: z.int().describe('Those of the audience who get nothing'),
	jobId: z.uuid().nullable(),
	dryRun: z.boolean(),
	blockedBy: z.array(blocker),
});
export type SendResult = z.output<typeof sendResult>;

export const testCampaign = z.object({ to: z.array(email).min(1).max(10) });

export const recipientState = z.enum([
	'pending',
	'sending',
	'sent',
	'failed',
	'suppressed',
	'uncertain',
]);

export const recipient = z.object({
	id: z.uuid(),
	contactId: z.uuid().nullable(),
	email: z.string().nullable().describe('null when the contact was erased'),
	state: recipientState,
	attempts: z.int(),
	error: z.string().nullable(),
	response: z.string().nullable().describe('Last answer of the SMTP server'),
	sentAt: z.iso.datetime().nullable(),
	opens: z.int(),
	openedAt: z.iso.datetime().nullable(),
	clicks: z.int(),
	clickedAt: z.iso.datetime().nullable(),
	unsubscribedAt: z.iso.datetime().nullable(),
});
export type Recipient = z.output<typeof recipient>;

export const listRecipients = z.object({
	...pageQuery,
	cursor: z.uuid().optional(),
	state: recipientState.optional(),
});
export type ListRecipients = z.output<typeof listRecipients>;

const count = z.int();
const rate = z.number().nullable();
const engagement = z.object({
	unique: count.describe('People'),
	total: count,
	machine: count.describe('Scanners and prefetches; not in unique or total'),
});
export const analytics = z.object({
	audience: count,
	pending: count,
	sending: count,
	sent: count,
	uncertain: count,
	failed: count,
	suppressed: count,
	opened: engagement,
	clicked: engagement,
	unsubscribed: count,
	rates: z
		.object({
			openedOfSent: rate,
			clickedOfSent: rate,
			clickedOfOpened: rate,
			unsubscribedOfSent: rate,
			failedOfAudience: rate,
		})
		.describe('Of people, 0 to 1; null where there is nothing to divide by'),
	links: z.array(z.object({ url: z.string(), unique: count, total: count, machine: count })),
	updatedAt: z.iso.datetime(),
});
export type Analytics = z.output<typeof analytics>;
