import type { Operation } from '../../../shared/service.ts';

export const create: Operation = {
	name: 'Create Link',
	value: 'create',
	action: 'Create a download link',
	description: 'Issue a link to a file of a license; it counts as one of its downloads',
	fields: [
		{
			displayName: 'License ID',
			name: 'licenseId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 019a8f3e-7c55-7b21-9a4e-2f6d0c1b8a77',
		},
		{
			displayName: 'Asset ID',
			name: 'assetId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 019a8f3e-7c55-7b21-9a4e-2f6d0c1b8a77',
			description: 'File of the product',
		},
	],
	request: (input) => ({
		method: 'POST',
		path: '/api/v1/downloads',
		body: input.texts('licenseId', 'assetId'),
	}),
};
