import type { Operation } from '../../../shared/service.ts';

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many subscriptions',
	description: 'Get subscriptions, the newest first',
	fields: [
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add filter',
			default: {},
			options: [
				{ displayName: 'Customer ID', name: 'customerId', type: 'string', default: '' },
				{ displayName: 'Order ID', name: 'orderId', type: 'string', default: '' },
				{
					displayName: 'Status',
					name: 'status',
					type: 'options',
					default: 'active',
					options: [
						{ name: 'Active', value: 'active' },
						{ name: 'Cancelled', value: 'cancelled' },
						{ name: 'Incomplete', value: 'incomplete' },
						{ name: 'Past Due', value: 'past_due' },
						{ name: 'Paused', value: 'paused' },
						{ name: 'Trialing', value: 'trialing' },
						{ name: 'Unpaid', value: 'unpaid' },
					],
				},
			],
		},
	],
	reads: true,
	answer: 'pages',
	request: (input) => ({
		method: 'GET',
		path: '/api/v1/subscriptions',
		query: input.fields('filters'),
	}),
};
