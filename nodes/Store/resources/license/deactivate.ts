import type { Operation } from '../../../shared/service.ts';

export const deactivate: Operation = {
	name: 'Deactivate',
	value: 'deactivate',
	action: 'Deactivate a device of a license',
	description: 'Give a seat free',
	fields: [
		{
			displayName: 'Activation ID',
			name: 'activationId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 019a8f3e-7c55-7b21-9a4e-2f6d0c1b8a77',
		},
	],
	request: (input) => ({
		method: 'DELETE',
		path: `/api/v1/licenses/activations/${input.id('activationId')}`,
	}),
};
