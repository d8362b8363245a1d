import type { Operation } from '../../../shared/service.ts';
import { customerId } from './fields.ts';

export const openPortal: Operation = {
	name: 'Open Portal',
	value: 'openPortal',
	action: 'Open the customer portal',
	description: 'Make a link where a customer manages payment methods and subscriptions',
	fields: [
		customerId,
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [
				{
					displayName: 'Return URL',
					name: 'returnUrl',
					type: 'string',
					default: '',
					description: 'Where the portal leads back to. Default: the shop.',
				},
			],
		},
	],
	request: (input) => ({
		method: 'POST',
		path: `/api/v1/customers/${input.id('customerId')}/portal`,
		body: input.fields('additionalFields'),
	}),
};
