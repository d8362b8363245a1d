import type { Operation } from '../../../shared/service.ts';
import { customerFields, email } from './fields.ts';

export const create: Operation = {
	name: 'Create',
	value: 'create',
	action: 'Create a customer',
	description: 'Create a customer',
	fields: [
		{ ...email, required: true },
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: customerFields,
		},
	],
	request: (input) => ({
		method: 'POST',
		path: '/api/v1/customers',
		body: { email: input.text('email'), ...input.fields('additionalFields') },
	}),
};
