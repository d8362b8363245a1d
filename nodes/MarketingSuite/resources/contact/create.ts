import type { Operation } from '../../../shared/service.ts';
import { consentFields, consentOf, contactFields, email } from './fields.ts';

export const create: Operation = {
	name: 'Create',
	value: 'create',
	action: 'Create a contact',
	description: 'Create a contact with their consent',
	fields: [
		{ ...email, required: true },
		...consentFields,
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: contactFields,
		},
	],
	request: (input) => ({
		method: 'POST',
		path: '/api/contacts',
		body: {
			email: input.text('email'),
			consent: consentOf(input),
			...input.fields('additionalFields'),
		},
	}),
};
