import type { Operation } from '../../../shared/service.ts';
import { customerId } from './fields.ts';

export const remove: Operation = {
	name: 'Delete',
	value: 'delete',
	action: 'Delete a customer',
	description: 'Delete a customer and their data',
	fields: [customerId],
	request: (input) => ({ method: 'DELETE', path: `/api/v1/customers/${input.id('customerId')}` }),
};
