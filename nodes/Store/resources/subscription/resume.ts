import type { Operation } from '../../../shared/service.ts';
import { subscriptionId } from './fields.ts';

export const resume: Operation = {
	name: 'Resume',
	value: 'resume',
	action: 'Resume a subscription',
	description: 'Go on with a paused subscription',
	fields: [subscriptionId],
	request: (input) => ({
		method: 'POST',
		path: `/api/v1/subscriptions/${input.id('subscriptionId')}/resume`,
	}),
};
