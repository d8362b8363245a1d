import { pageQuery } from '@autopilot/http';
import { z } from 'zod';

const name = z.string().trim().min(1).max(200);
export const subject = z
	.string()
	.trim()
	.min(1)
	.max(500)
	.refine((text) => !/\p{Cc}/u.test(text), 'must be one line');
export const mjml = z.string().min(1).max(300_000).describe('MJML with Liquid tags');
const text = z.string().max(200_000).describe('Plain part; made of the HTML when not given');

export const createTemplate = z.object({ name, subject, mjml, text: text.optional() });
export type CreateTemplate = z.output<typeof createTemplate>;

export const updateTemplate = z
	.object({ name, subject, mjml, text: text.nullable() })
	.partial()
	.refine((patch) => Object.keys(patch).length > 0, 'names nothing to change');
export type UpdateTemplate = z.output<typeof updateTemplate>;

export const template = z.object({
	id: z.uuid(),
	name: z.string(),
	subject: z.string(),
	mjml: z.string(),
	text: z.string().nullable(),
	builtIn: z.boolean(),
	createdAt: z.iso.datetime(),
	updatedAt: z.iso.datetime(),
});
export type Template = z.output<typeof template>;

export const listTemplates = z.object({
	...pageQuery,
	cursor: z.uuid().optional(),
	q: z.string().trim().min(1).max(200).optional().describe('Part of the name'),
});
export type ListTemplates = z.output<typeof listTemplates>;

export const preview = z.object({
	data: z.record(z.string(), z.unknown()).default({}),
	contact: z
		.object({
			email: z.string().max(254),
			name: z.string().max(200).nullable(),
			attributes: z.record(z.string(), z.unknown()),
		})
		.partial()
		.default({}),
});
export type Preview = z.output<typeof preview>;

export const rendered = z.object({ subject: z.string(), html: z.string(), text: z.string() });
export type Rendered = z.output<typeof rendered>;

export const compiled = z.object({ html: z.string(), text: z.string() });
