import type { Operation } from '../../../shared/service.ts';

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many orders',
	description: 'Get orders, the newest first',
	fields: [
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add filter',
			default: {},
			options: [
				{ displayName: 'Created After', name: 'from', type: 'dateTime', default: '' },
				{ displayName: 'Created Before', name: 'to', type: 'dateTime', default: '' },
				{ displayName: 'Customer ID', name: 'customerId', type: 'string', default: '' },
				{
					displayName: 'Email',
					name: 'email',
					type: 'string',
					default: '',
					placeholder: 'name@email.com',
				},
				{
					displayName: 'Search',
					name: 'q',
					type: 'string',
					default: '',
					description: 'Part of number, email or name',
				},
				{
					displayName: 'Status',
					name: 'status',
					type: 'options',
					default: 'paid',
					options: [
						{ name: 'Cancelled', value: 'cancelled' },
						{ name: 'Created', value: 'created' },
						{ name: 'Delivered', value: 'delivered' },
						{ name: 'Expired', value: 'expired' },
						{ name: 'Fulfilling', value: 'fulfilling' },
						{ name: 'Paid', value: 'paid' },
						{ name: 'Partially Refunded', value: 'partially_refunded' },
						{ name: 'Pending Payment', value: 'pending_payment' },
						{ name: 'Refunded', value: 'refunded' },
						{ name: 'Shipped', value: 'shipped' },
						{ name: 'Stock Failed', value: 'stock_failed' },
					],
				},
				{
					displayName: 'Unattended For (Minutes)',
					name: 'unattendedMinutes',
					type: 'number',
					default: 10,
					typeOptions: { minValue: 1 },
					description:
						'Only orders that are paid, were not changed for so long, and that no flow waits for; delivered ones only when a flow that waited has not completed them',
				},
			],
		},
	],
	reads: true,
	answer: 'pages',
	request: (input) => ({ method: 'GET', path: '/api/v1/orders', query: input.fields('filters') }),
};
