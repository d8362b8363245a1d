import type { Operation } from '../../../shared/service.ts';
import { subscriptionId } from './fields.ts';

export const cancel: Operation = {
	name: 'Cancel',
	value: 'cancel',
	action: 'Cancel a subscription',
	description: 'End a subscription, at the end of what is paid or now',
	fields: [
		subscriptionId,
		{
			displayName: 'At Period End',
			name: 'atPeriodEnd',
			type: 'boolean',
			default: true,
			description: 'Whether it runs on until the end of what is paid',
		},
	],
	request: (input) => ({
		method: 'POST',
		path: `/api/v1/subscriptions/${input.id('subscriptionId')}/cancel`,
		body: { atPeriodEnd: input.flag('atPeriodEnd') },
	}),
};
