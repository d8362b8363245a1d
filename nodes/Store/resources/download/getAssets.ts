import type { Operation } from '../../../shared/service.ts';

export const getAssets: Operation = {
	name: 'Get Files',
	value: 'getAssets',
	action: 'Get the files of a product',
	description: 'Get the files that licenses of a product may download',
	fields: [
		{
			displayName: 'Product ID',
			name: 'productId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 019a8f3e-7c55-7b21-9a4e-2f6d0c1b8a77',
		},
	],
	reads: true,
	answer: 'list',
	request: (input) => ({ method: 'GET', path: `/api/v1/products/${input.id('productId')}/assets` }),
};
