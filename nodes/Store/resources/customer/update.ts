import type { Operation } from '../../../shared/service.ts';
import { customerFields, customerId, email } from './fields.ts';

export const update: Operation = {
	name: 'Update',
	value: 'update',
	action: 'Update a customer',
	description: 'Change the given fields of a customer',
	fields: [
		customerId,
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [...customerFields, email],
		},
	],
	request: (input) => ({
		method: 'PATCH',
		path: `/api/v1/customers/${input.id('customerId')}`,
		body: input.changes('updateFields'),
	}),
};
