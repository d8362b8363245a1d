import type { Operation } from '../../../shared/service.ts';

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many videos',
	description: 'Get videos, newest first',
	fields: [
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add filter',
			default: {},
			options: [
				{
					displayName: 'Status',
					name: 'status',
					type: 'options',
					default: 'succeeded',
					options: [
						{ name: 'Cancelled', value: 'cancelled' },
						{ name: 'Failed', value: 'failed' },
						{ name: 'Queued', value: 'queued' },
						{ name: 'Running', value: 'running' },
						{ name: 'Succeeded', value: 'succeeded' },
					],
				},
			],
		},
	],
	reads: true,
	answer: 'pages',
	request: (input) => ({
		method: 'GET',
		path: '/api/v1/video/tasks',
		query: input.fields('filters'),
	}),
};
