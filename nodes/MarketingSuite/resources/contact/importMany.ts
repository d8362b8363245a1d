import type { Operation } from '../../../shared/service.ts';
import { listId } from '../list/fields.ts';
import { consentFields, consentOf } from './fields.ts';

export const importMany: Operation = {
	name: 'Import',
	value: 'import',
	action: 'Import contacts',
	description: 'Add or update up to 1000 contacts of a list at once',
	fields: [
		listId,
		{
			displayName: 'Contacts',
			name: 'contacts',
			type: 'json',
			default: '[{"email": "ada@example.com", "name": "Ada"}]',
			required: true,
			description:
				'List of contacts, each with email and, if wanted, name and attributes. An expression may give the list.',
		},
		...consentFields,
	],
	request: (input) => ({
		method: 'POST',
		path: '/api/contacts/import',
		body: {
			listId: input.value('listId'),
			contacts: input.jsonList('contacts'),
			consent: consentOf(input),
		},
	}),
};
