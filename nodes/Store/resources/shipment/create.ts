import type { Operation } from '../../../shared/service.ts';

export const create: Operation = {
	name: 'Create',
	value: 'create',
	action: 'Create a shipment',
	description: 'Tell that goods of an order are on their way',
	fields: [
		{
			displayName: 'Order ID',
			name: 'orderId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 019a8f3e-7c55-7b21-9a4e-2f6d0c1b8a77',
		},
		{
			displayName: 'Carrier',
			name: 'carrier',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. DHL',
		},
		{
			displayName: 'Tracking Number',
			name: 'trackingNumber',
			type: 'string',
			default: '',
			required: true,
		},
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [
				{
					displayName: 'Lines',
					name: 'lines',
					type: 'json',
					default: '[]',
					description:
						'What is in it, e.g. [{"lineId": "...", "quantity": 1}]. Default: all that is not shipped yet.',
				},
				{ displayName: 'Tracking URL', name: 'trackingUrl', type: 'string', default: '' },
			],
		},
	],
	request: (input) => ({
		method: 'POST',
		path: `/api/v1/orders/${input.id('orderId')}/shipments`,
		body: { ...input.texts('carrier', 'trackingNumber'), ...input.fields('additionalFields') },
	}),
};
