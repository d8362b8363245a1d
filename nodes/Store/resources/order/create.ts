import type { Operation } from '../../../shared/service.ts';
import { billingAddress, metadata, shippingAddress, shippingOptionId } from './fields.ts';

export const create: Operation = {
	name: 'Create',
	value: 'create',
	action: 'Create an order',
	description: 'Create an order and hold its stock until it is paid or expires',
	fields: [
		{
			displayName: 'Email',
			name: 'email',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'name@email.com',
		},
		{
			displayName: 'Lines',
			name: 'lines',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true, sortable: true },
			default: {},
			placeholder: 'Add line',
			description: 'What is bought',
			options: [
				{
					displayName: 'Line',
					name: 'items',
					values: [
						{
							displayName: 'Quantity',
							name: 'quantity',
							type: 'number',
							default: 1,
							typeOptions: { minValue: 1 },
						},
						{ displayName: 'SKU', name: 'sku', type: 'string', default: '' },
					],
				},
			],
		},
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [
				billingAddress,
				{ displayName: 'Campaign ID', name: 'campaignId', type: 'string', default: '' },
				{
					displayName: 'Click ID',
					name: 'clickId',
					type: 'string',
					default: '',
					description: 'Click that led here, so that the revenue is counted for its campaign',
				},
				{ displayName: 'Coupon Code', name: 'couponCode', type: 'string', default: '' },
				{
					displayName: 'Currency',
					name: 'currency',
					type: 'string',
					default: '',
					placeholder: 'e.g. EUR',
				},
				{ displayName: 'Customer ID', name: 'customerId', type: 'string', default: '' },
				{
					displayName: 'Locale',
					name: 'locale',
					type: 'string',
					default: '',
					placeholder: 'e.g. de-DE',
				},
				metadata,
				{ displayName: 'Name', name: 'name', type: 'string', default: '' },
				shippingAddress,
				shippingOptionId,
			],
		},
	],
	request: (input) => ({
		method: 'POST',
		path: '/api/v1/orders',
		body: {
			email: input.text('email'),
			lines: input.entries('lines'),
			...input.fields('additionalFields'),
		},
	}),
};
