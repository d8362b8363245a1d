import type { Operation } from '../../../shared/service.ts';
import { productFields, productId } from './fields.ts';

export const update: Operation = {
	name: 'Update',
	value: 'update',
	action: 'Update a product',
	description: 'Change the given fields of a product; attributes are merged',
	fields: [
		productId,
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [
				...productFields,
				{ displayName: 'Title', name: 'title', type: 'string', default: '' },
			],
		},
	],
	request: (input) => ({
		method: 'PATCH',
		path: `/api/v1/products/${input.id('productId')}`,
		body: input.changes('updateFields'),
	}),
};
