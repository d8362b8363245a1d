import type { Operation } from '../../../shared/service.ts';
import { subscriptionId } from './fields.ts';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get a subscription',
	description: 'Get a subscription by ID',
	fields: [subscriptionId],
	reads: true,
	request: (input) => ({
		method: 'GET',
		path: `/api/v1/subscriptions/${input.id('subscriptionId')}`,
	}),
};
