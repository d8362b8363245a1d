import { pageQuery } from '@autopilot/http';
import { z } from 'zod';

const name = z.string().trim().min(1).max(200);
const description = z.string().max(2000);

export const createList = z.object({ name, description: description.default('') });
export type CreateList = z.output<typeof createList>;

export const updateList = z
	.object({ name, description })
	.partial()
	.refine((patch) => Object.keys(patch).length > 0, 'names nothing to change');
export type UpdateList = z.output<typeof updateList>;

export const list = z.object({
	id: z.uuid(),
	name: z.string(),
	description: z.string(),
	contacts: z.int().describe('Members, those who have unsubscribed included'),
	subscribed: z.int().describe('Members who may be written to'),
	createdAt: z.iso.datetime(),
	updatedAt: z.iso.datetime(),
});
export type List = z.output<typeof list>;

export const listLists = z.object({
	...pageQuery,
	cursor: z.uuid().optional(),
	q: z.string().trim().min(1).max(200).optional().describe('Part of the name'),
});
export type ListLists = z.output<typeof listLists>;

export const addContacts = z.object({ contactIds: z.array(z.uuid()).min(1).max(1000) });

/** Lists named by id or by name. */
export const listReferences = z
	.array(z.string().trim().min(1).max(200))
	.max(50)
	.describe('Ids or names of lists');
