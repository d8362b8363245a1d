import type { Operation } from '../../../shared/service.ts';
import { subscriptionId } from './fields.ts';

export const pause: Operation = {
	name: 'Pause',
	value: 'pause',
	action: 'Pause a subscription',
	description: 'Stop collecting payments until it is resumed',
	fields: [subscriptionId],
	request: (input) => ({
		method: 'POST',
		path: `/api/v1/subscriptions/${input.id('subscriptionId')}/pause`,
	}),
};
