import type { Operation } from '../../../shared/service.ts';

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many shipments',
	description: 'Get shipments, the newest first',
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
					default: 'in_transit',
					options: [
						{ name: 'Created', value: 'created' },
						{ name: 'Delivered', value: 'delivered' },
						{ name: 'Failed', value: 'failed' },
						{ name: 'In Transit', value: 'in_transit' },
						{ name: 'Out for Delivery', value: 'out_for_delivery' },
						{ name: 'Returned', value: 'returned' },
					],
				},
			],
		},
	],
	reads: true,
	answer: 'pages',
	request: (input) => ({
		method: 'GET',
		path: '/api/v1/shipments',
		query: input.fields('filters'),
	}),
};
