import type { Operation } from '../../../shared/service.ts';

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many lists',
	description: 'Get lists',
	fields: [
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add filter',
			default: {},
			options: [
				{
					displayName: 'Search',
					name: 'q',
					type: 'string',
					default: '',
					description: 'Part of the name',
				},
			],
		},
	],
	reads: true,
	answer: 'pages',
	request: (input) => ({ method: 'GET', path: '/api/lists', query: input.fields('filters') }),
};
