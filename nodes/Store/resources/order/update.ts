import type { Operation } from '../../../shared/service.ts';
import { billingAddress, metadata, orderId, shippingAddress, shippingOptionId } from './fields.ts';

export const update: Operation = {
	name: 'Update',
	value: 'update',
	action: 'Update an order',
	description:
		'Change metadata or addresses of an order that is not shipped yet; before it is paid its price follows',
	fields: [
		orderId,
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [billingAddress, metadata, shippingAddress, shippingOptionId],
		},
	],
	request: (input) => ({
		method: 'PATCH',
		path: `/api/v1/orders/${input.id('orderId')}`,
		body: input.changes('updateFields'),
	}),
};
