import type { Operation } from '../../../shared/service.ts';

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many campaigns',
	description: 'Get campaigns, newest first',
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
				{
					displayName: 'Status',
					name: 'status',
					type: 'options',
					default: 'sent',
					options: [
						{ name: 'Cancelled', value: 'cancelled' },
						{ name: 'Draft', value: 'draft' },
						{ name: 'Failed', value: 'failed' },
						{ name: 'Paused', value: 'paused' },
						{ name: 'Sending', value: 'sending' },
						{ name: 'Sent', value: 'sent' },
					],
				},
			],
		},
	],
	reads: true,
	answer: 'pages',
	request: (input) => ({ method: 'GET', path: '/api/campaigns', query: input.fields('filters') }),
};
