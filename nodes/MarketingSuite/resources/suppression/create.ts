import type { Operation } from '../../../shared/service.ts';

export const create: Operation = {
	name: 'Create',
	value: 'create',
	action: 'Suppress an address',
	description: 'Never send anything to an address again',
	fields: [
		{
			displayName: 'Email',
			name: 'email',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'name@email.com',
		},
		{
			displayName: 'Reason',
			name: 'reason',
			type: 'string',
			default: '',
			placeholder: 'e.g. asked by phone',
		},
	],
	request: (input) => ({
		method: 'POST',
		path: '/api/suppressions',
		body: { email: input.text('email'), ...input.texts('reason') },
	}),
};
