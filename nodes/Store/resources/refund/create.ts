import type { Operation } from '../../../shared/service.ts';

export const create: Operation = {
	name: 'Create',
	value: 'create',
	action: 'Create a refund',
	description: 'Give back all or a part of what was paid for an order',
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
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [
				{
					displayName: 'Amount (Minor Units)',
					name: 'amount',
					type: 'number',
					default: 0,
					typeOptions: { minValue: 1 },
					description: 'What is given back, e.g. 1999 for 19.99. Default: all that is left.',
				},
				{
					displayName: 'Lines',
					name: 'lines',
					type: 'json',
					default: '[]',
					description:
						'Lines to refund instead of an amount, e.g. [{"lineId": "...", "quantity": 1}]',
				},
				{ displayName: 'Reason', name: 'reason', type: 'string', default: '' },
			],
		},
	],
	request: (input) => ({
		method: 'POST',
		path: '/api/v1/refunds',
		body: { orderId: input.text('orderId'), ...input.fields('additionalFields') },
	}),
};
