import type { Operation } from '../../../shared/service.ts';
import { customerId } from './fields.ts';

export const getMembership: Operation = {
	name: 'Get Membership',
	value: 'getMembership',
	action: 'Get the membership of a customer',
	description: 'Get the tier that the subscriptions of a customer give',
	fields: [customerId],
	reads: true,
	request: (input) => ({
		method: 'GET',
		path: `/api/v1/customers/${input.id('customerId')}/membership`,
	}),
};
