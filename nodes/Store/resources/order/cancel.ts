import type { Operation } from '../../../shared/service.ts';
import { orderId } from './fields.ts';

export const cancel: Operation = {
	name: 'Cancel',
	value: 'cancel',
	action: 'Cancel an order',
	description: 'Cancel an order and give its stock back',
	fields: [
		orderId,
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [
				{ displayName: 'Reason', name: 'reason', type: 'string', default: '' },
				{
					displayName: 'Refund',
					name: 'refund',
					type: 'boolean',
					default: false,
					description: 'Whether to give back what was paid; needed once it is paid',
				},
			],
		},
	],
	request: (input) => ({
		method: 'POST',
		path: `/api/v1/orders/${input.id('orderId')}/cancel`,
		body: input.fields('additionalFields'),
	}),
};
