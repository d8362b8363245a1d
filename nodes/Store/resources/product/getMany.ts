import type { Operation } from '../../../shared/service.ts';

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many products',
	description: 'Get products, filtered or found by full-text search',
	fields: [
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add filter',
			default: {},
			options: [
				{
					displayName: 'Currency',
					name: 'currency',
					type: 'string',
					default: 'EUR',
					description: 'Currency that the price limits are meant in (ISO 4217)',
				},
				{
					displayName: 'Maximum Price (Minor Units)',
					name: 'maxPrice',
					type: 'number',
					default: 0,
				},
				{
					displayName: 'Minimum Price (Minor Units)',
					name: 'minPrice',
					type: 'number',
					default: 0,
				},
				{
					displayName: 'Search',
					name: 'q',
					type: 'string',
					default: '',
					description: 'Words to look for in title, description and tags',
				},
				{
					displayName: 'Status',
					name: 'status',
					type: 'options',
					default: 'published',
					options: [
						{ name: 'Archived', value: 'archived' },
						{ name: 'Draft', value: 'draft' },
						{ name: 'Published', value: 'published' },
					],
				},
				{ displayName: 'Tag', name: 'tag', type: 'string', default: '' },
			],
		},
	],
	reads: true,
	answer: 'pages',
	request: (input) => ({
		method: 'GET',
		path: '/api/v1/products',
		query: input.fields('filters'),
	}),
};
