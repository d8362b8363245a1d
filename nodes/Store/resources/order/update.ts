import type { Operation } from '../../../shared/service.ts';
import { billingAddress, metadata, orderId, shippingAddress } from './fields.ts';

export const update: Operation = {
	name: 'Update',
	value: 'update',
	action: 'Update an order',
	description: 'Change metadata or addresses of an order that is not shipped yet',
	fields: [
		orderId,
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [billingAddress, metadata, shippingAddress],
		},
	],
	request: (input) => ({
		method: 'PATCH',
		path: `/api/v1/orders/${input.id('orderId')}`,
		body: input.changes('updateFields'),
	}),
};
