import type { Operation } from '../../../shared/service.ts';

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many refunds',
	description: 'Get refunds, the newest first',
	fields: [
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add filter',
			default: {},
			options: [
				{ displayName: 'Order ID', name: 'orderId', type: 'string', default: '' },
				{ displayName: 'Payment ID', name: 'paymentId', type: 'string', default: '' },
				{
					displayName: 'Status',
					name: 'status',
					type: 'options',
					default: 'succeeded',
					options: [
						{ name: 'Failed', value: 'failed' },
						{ name: 'Pending', value: 'pending' },
						{ name: 'Requested', value: 'requested' },
						{ name: 'Succeeded', value: 'succeeded' },
					],
				},
			],
		},
	],
	reads: true,
	answer: 'pages',
	request: (input) => ({ method: 'GET', path: '/api/v1/refunds', query: input.fields('filters') }),
};
