import type { Operation } from '../../../shared/service.ts';
import { billingAddress, orderId, shippingAddress } from './fields.ts';

export const openCheckout: Operation = {
	name: 'Open Checkout',
	value: 'openCheckout',
	action: 'Open the checkout of an order',
	description: 'Open a pay page at the payment gateway; one that is open already is used again',
	fields: [
		orderId,
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [
				billingAddress,
				{ displayName: 'Cancel URL', name: 'cancelUrl', type: 'string', default: '' },
				{
					displayName: 'Gateway',
					name: 'gateway',
					type: 'options',
					default: 'stripe',
					options: [
						{ name: 'Razorpay', value: 'razorpay' },
						{ name: 'Stripe', value: 'stripe' },
					],
				},
				shippingAddress,
				{ displayName: 'Success URL', name: 'successUrl', type: 'string', default: '' },
			],
		},
	],
	request: (input) => ({
		method: 'POST',
		path: `/api/v1/orders/${input.id('orderId')}/checkout`,
		body: input.fields('additionalFields'),
	}),
};
