import type { Operation } from '../../../shared/service.ts';

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many downloads',
	description: 'Get the downloads of a license, the newest first',
	fields: [
		{
			displayName: 'License ID',
			name: 'licenseId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 019a8f3e-7c55-7b21-9a4e-2f6d0c1b8a77',
		},
	],
	reads: true,
	answer: 'pages',
	request: (input) => ({
		method: 'GET',
		path: `/api/v1/licenses/${input.id('licenseId')}/downloads`,
	}),
};
