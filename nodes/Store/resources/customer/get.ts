import type { Operation } from '../../../shared/service.ts';
import { customerId } from './fields.ts';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get a customer',
	description: 'Get a customer by ID',
	fields: [customerId],
	reads: true,
	request: (input) => ({ method: 'GET', path: `/api/v1/customers/${input.id('customerId')}` }),
};
