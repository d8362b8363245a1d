import type { Operation } from '../../../shared/service.ts';
import { contactId } from '../contact/fields.ts';
import { listId } from './fields.ts';

export const removeContact: Operation = {
	name: 'Remove Contact',
	value: 'removeContact',
	action: 'Remove a contact from a list',
	description: 'Take a contact off a list; the contact stays',
	fields: [listId, contactId],
	request: (input) => ({
		method: 'DELETE',
		path: `/api/lists/${input.id('listId')}/contacts/${input.id('contactId')}`,
	}),
};
