import { pageQuery } from '@autopilot/http';
import { z } from 'zod';
import { listReferences } from '../lists/schema.ts';
import { displayName, email } from '../mailbox.ts';

const attributes = z
	.record(z.string().max(100), z.unknown())
	.describe('Anything else, as JSON; templates find it as contact.attributes');

export const consent = z.object({
	source: z.string().trim().min(1).max(200).describe('Where they agreed, e.g. "checkout form"'),
	at: z.iso.datetime({ offset: true }).optional().describe('When they agreed; now if not given'),
	ip: z.union([z.ipv4(), z.ipv6()]).optional(),
});
export type Consent = z.output<typeof consent>;

export const createContact = z.object({
	email,
	name: displayName.optional(),
	attributes: attributes.default({}),
	lists: listReferences.default([]),
	consent,
});
export type CreateContact = z.output<typeof createContact>;

export const updateContact = z
	.object({
		email,
		name: displayName.nullable(),
		attributes,
		status: z
			.literal('subscribed')
			.describe('Takes back an unsubscription; needs a new consent beside it'),
		consent,
	})
	.partial()
	.refine((patch) => Object.keys(patch).length > 0, 'names nothing to change')
	.refine((patch) => patch.status === undefined || patch.consent !== undefined, {
		path: ['consent'],
		message: 'is needed to subscribe again',
	});
export type UpdateContact = z.output<typeof updateContact>;

export const contact = z.object({
	id: z.uuid(),
	email: z.string(),
	name: z.string().nullable(),
	attributes,
	status: z.enum(['subscribed', 'unsubscribed']),
	lists: z.array(z.uuid()),
	consent: z
		.object({ source: z.string(), at: z.iso.datetime(), ip: z.string().nullable() })
		.nullable()
		.describe('The latest'),
	unsubscribedAt: z.iso.datetime().nullable(),
	createdAt: z.iso.datetime(),
	updatedAt: z.iso.datetime(),
});
export type Contact = z.output<typeof contact>;

export const listContacts = z.object({
	...pageQuery,
	cursor: z.uuid().optional(),
	listId: z.uuid().optional(),
	q: z.string().trim().min(1).max(200).optional().describe('Part of the name or address'),
});
export type ListContacts = z.output<typeof listContacts>;

/** Rows are looked at one by one, so that one bad address does not stop the other 999. */
export const importContacts = z.object({
	listId: z.string().trim().min(1).max(200).describe('Id or name of the list'),
	contacts: z.array(z.record(z.string(), z.unknown())).min(1).max(1000),
	consent,
});
export type ImportContacts = z.output<typeof importContacts>;

export const importedContact = z.object({
	email,
	name: displayName.nullish(),
	attributes: attributes.nullish(),
});
export type ImportedContact = z.output<typeof importedContact>;

export const importResult = z.object({
	created: z.int(),
	updated: z.int(),
	rejected: z.array(z.object({ index: z.int(), detail: z.string() })),
});
export type ImportResult = z.output<typeof importResult>;
