import type { Operation } from '../../../shared/service.ts';
import { listId } from './fields.ts';

export const addContacts: Operation = {
	name: 'Add Contacts',
	value: 'addContacts',
	action: 'Add contacts to a list',
	description: 'Put contacts that exist on a list',
	fields: [
		listId,
		{
			displayName: 'Contact IDs',
			name: 'contactIds',
			type: 'string',
			typeOptions: { commaSeparated: true },
			default: '',
			required: true,
			description: 'IDs of the contacts. Comma-separated, or an expression that gives a list.',
		},
	],
	request: (input) => ({
		method: 'POST',
		path: `/api/lists/${input.id('listId')}/contacts`,
		body: { contactIds: input.list('contactIds') },
	}),
};
