import { pageQuery } from '@autopilot/http';
import { z } from 'zod';

const email = z.email().max(254);
const name = z.string().trim().min(1).max(200);
const locale = z
	.string()
	.regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language tag such as en or pt-BR');
const attributes = z.record(z.string().max(100), z.unknown());
const marketingConsent = z.object({
	source: z.string().min(1).max(200).describe('Where they agreed, e.g. "checkout"'),
	at: z.iso.datetime(),
});

export const createCustomer = z.object({
	email,
	name: name.optional(),
	locale: locale.default('en'),
	attributes: attributes.default({}),
	marketingConsent: marketingConsent.optional(),
});
export type CreateCustomer = z.output<typeof createCustomer>;

export const updateCustomer = z
	.object({
		email,
		name,
		locale,
		attributes,
		marketingConsent: marketingConsent.nullable().describe('null withdraws it'),
	})
	.partial()
	.refine((patch) => Object.keys(patch).length > 0, 'names nothing to change');
export type UpdateCustomer = z.output<typeof updateCustomer>;

export const customer = z.object({
	id: z.uuid(),
	email: z.string(),
	name: z.string().nullable(),
	locale: z.string(),
	attributes,
	marketingConsent: marketingConsent.nullable(),
	createdAt: z.iso.datetime(),
	updatedAt: z.iso.datetime(),
});
export type Customer = z.output<typeof customer>;

export const listCustomers = z.object({
	...pageQuery,
	cursor: z.uuid().optional(),
	email: email.optional(),
	q: z.string().trim().min(1).max(200).optional().describe('Part of the name or address'),
});
export type ListCustomers = z.output<typeof listCustomers>;
