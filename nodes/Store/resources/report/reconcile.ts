import type { Operation } from '../../../shared/service.ts';

export const reconcile: Operation = {
	name: 'Reconcile Payments',
	value: 'reconcile',
	action: 'Reconcile payments with the gateway',
	description:
		'Compare what the payment gateway knows with what the store knows, mend what can be mended, and report the rest',
	fields: [
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [
				{ displayName: 'From', name: 'from', type: 'dateTime', default: '' },
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
				{ displayName: 'To', name: 'to', type: 'dateTime', default: '' },
			],
		},
	],
	request: (input) => ({
		method: 'POST',
		path: '/api/v1/reconciliations',
		body: input.fields('additionalFields'),
	}),
};
