import type { Operation } from '../../../shared/service.ts';

export const create: Operation = {
	name: 'Create',
	value: 'create',
	action: 'Create a license',
	description: 'Issue a license for a product, outside of an order or for an order line',
	fields: [
		{
			displayName: 'Product ID',
			name: 'productId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 019a8f3e-7c55-7b21-9a4e-2f6d0c1b8a77',
		},
		{
			displayName: 'Email',
			name: 'email',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'name@email.com',
		},
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [
				{
					displayName: 'Expires At',
					name: 'expiresAt',
					type: 'dateTime',
					default: '',
					description: 'Instead of what the policy of the product says',
				},
				{
					displayName: 'Maximum Devices',
					name: 'maxDevices',
					type: 'number',
					default: 1,
					typeOptions: { minValue: 1 },
				},
				{
					displayName: 'Maximum Downloads',
					name: 'maxDownloads',
					type: 'number',
					default: 1,
					typeOptions: { minValue: 1 },
				},
				{
					displayName: 'Metadata',
					name: 'metadata',
					type: 'json',
					default: '{}',
					description: 'Any further facts as a JSON object',
				},
				{ displayName: 'Name', name: 'name', type: 'string', default: '' },
				{
					displayName: 'Order Line ID',
					name: 'orderLineId',
					type: 'string',
					default: '',
					description: 'One license for each line, however often this is sent',
				},
			],
		},
	],
	request: (input) => ({
		method: 'POST',
		path: '/api/v1/licenses',
		body: { ...input.texts('productId', 'email'), ...input.fields('additionalFields') },
	}),
};
