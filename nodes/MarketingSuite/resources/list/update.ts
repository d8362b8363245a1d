import type { Operation } from '../../../shared/service.ts';
import { listDescription, listId, listName } from './fields.ts';

export const update: Operation = {
	name: 'Update',
	value: 'update',
	action: 'Update a list',
	description: 'Change name or description of a list',
	fields: [
		listId,
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [listDescription, listName],
		},
	],
	request: (input) => ({
		method: 'PATCH',
		path: `/api/lists/${input.id('listId')}`,
		body: input.changes('updateFields'),
	}),
};
