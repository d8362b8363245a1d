import type { Operation } from '../../../shared/service.ts';

export const remove: Operation = {
	name: 'Delete',
	value: 'delete',
	action: 'Allow an address again',
	description: 'Take an address off the suppression list',
	fields: [
		{
			displayName: 'Email',
			name: 'email',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'name@email.com',
		},
	],
	request: (input) => ({
		method: 'DELETE',
		path: `/api/suppressions/${encodeURIComponent(input.text('email'))}`,
	}),
};
