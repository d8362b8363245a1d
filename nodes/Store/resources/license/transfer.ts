import type { Operation } from '../../../shared/service.ts';
import { licenseId } from './fields.ts';

export const transfer: Operation = {
	name: 'Transfer',
	value: 'transfer',
	action: 'Transfer a license',
	description: 'Give a license to another person',
	fields: [
		licenseId,
		{
			displayName: 'Email',
			name: 'email',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'name@email.com',
		},
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [
				{ displayName: 'Name', name: 'name', type: 'string', default: '' },
				{
					displayName: 'Rotate Key',
					name: 'rotateKey',
					type: 'boolean',
					default: true,
					description: "Whether the former holder's key stops working",
				},
			],
		},
	],
	request: (input) => ({
		method: 'POST',
		path: `/api/v1/licenses/${input.id('licenseId')}/transfer`,
		body: { email: input.text('email'), ...input.fields('additionalFields') },
	}),
};
