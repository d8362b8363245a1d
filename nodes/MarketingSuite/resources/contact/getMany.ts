import type { Operation } from '../../../shared/service.ts';

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many contacts',
	description: 'Get contacts, of one list or found by name and email',
	fields: [
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add filter',
			default: {},
			options: [
				{
					displayName: 'List Name or ID',
					name: 'listId',
					type: 'options',
					typeOptions: { loadOptionsMethod: 'getLists' },
					default: '',
					description:
						'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
				},
				{
					displayName: 'Search',
					name: 'q',
					type: 'string',
					default: '',
					description: 'Part of name or email',
				},
			],
		},
	],
	reads: true,
	answer: 'pages',
	request: (input) => ({ method: 'GET', path: '/api/contacts', query: input.fields('filters') }),
};
