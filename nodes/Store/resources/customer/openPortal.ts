import type { Operation } from '../../../shared/service.ts';
import { customerId } from './fields.ts';

export const openPortal: Operation = {
	name: 'Open Portal',
	value: 'openPortal',
	action: 'Open the customer portal',
	description: 'Make a link where a customer manages payment methods and subscriptions',
	fields: [customerId],
	request: (input) => ({
		method: 'POST',
		path: `/api/v1/customers/${input.id('customerId')}/portal`,
	}),
};
