import type { Operation } from '../../../shared/service.ts';

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many licenses',
	description: 'Get licenses, the newest first',
	fields: [
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add filter',
			default: {},
			options: [
				{ displayName: 'Customer ID', name: 'customerId', type: 'string', default: '' },
				{
					displayName: 'Email',
					name: 'email',
					type: 'string',
					default: '',
					placeholder: 'name@email.com',
				},
				{ displayName: 'Order ID', name: 'orderId', type: 'string', default: '' },
				{ displayName: 'Product ID', name: 'productId', type: 'string', default: '' },
				{
					displayName: 'Status',
					name: 'status',
					type: 'options',
					default: 'active',
					options: [
						{ name: 'Active', value: 'active' },
						{ name: 'Expired', value: 'expired' },
						{ name: 'Revoked', value: 'revoked' },
						{ name: 'Suspended', value: 'suspended' },
					],
				},
			],
		},
	],
	reads: true,
	answer: 'pages',
	request: (input) => ({ method: 'GET', path: '/api/v1/licenses', query: input.fields('filters') }),
};
