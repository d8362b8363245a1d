import type { Operation } from '../../../shared/service.ts';

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many payments',
	description: 'Get payments, the newest first',
	fields: [
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add filter',
			default: {},
			options: [
				{ displayName: 'Order ID', name: 'orderId', type: 'string', default: '' },
				{
					displayName: 'Status',
					name: 'status',
					type: 'options',
					default: 'succeeded',
					options: [
						{ name: 'Creating', value: 'creating' },
						{ name: 'Expired', value: 'expired' },
						{ name: 'Failed', value: 'failed' },
						{ name: 'Open', value: 'open' },
						{ name: 'Pending', value: 'pending' },
						{ name: 'Rejected', value: 'rejected' },
						{ name: 'Succeeded', value: 'succeeded' },
					],
				},
			],
		},
	],
	reads: true,
	answer: 'pages',
	request: (input) => ({ method: 'GET', path: '/api/v1/payments', query: input.fields('filters') }),
};
