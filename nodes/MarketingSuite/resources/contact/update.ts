import type { Operation } from '../../../shared/service.ts';
import { contactFields, contactId, email, newConsent } from './fields.ts';

export const update: Operation = {
	name: 'Update',
	value: 'update',
	action: 'Update a contact',
	description: 'Change the given fields of a contact',
	fields: [
		contactId,
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [...contactFields.filter(({ name }) => name !== 'lists'), ...newConsent, email],
		},
	],
	request: (input) => ({
		method: 'PATCH',
		path: `/api/contacts/${input.id('contactId')}`,
		body: input.changes('updateFields'),
	}),
};
