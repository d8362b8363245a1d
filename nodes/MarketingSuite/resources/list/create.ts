import type { Operation } from '../../../shared/service.ts';
import { listDescription, listName } from './fields.ts';

export const create: Operation = {
	name: 'Create',
	value: 'create',
	action: 'Create a list',
	description: 'Create a list of contacts',
	fields: [
		{ ...listName, required: true },
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [listDescription],
		},
	],
	request: (input) => ({
		method: 'POST',
		path: '/api/lists',
		body: { name: input.text('name'), ...input.fields('additionalFields') },
	}),
};
