import type { Operation } from '../../../shared/service.ts';
import { updateFields, variantId } from './fields.ts';

export const update: Operation = {
	name: 'Update',
	value: 'update',
	action: 'Update a variant',
	description: 'Change SKU, title, price or options of a variant',
	fields: [variantId, updateFields],
	request: (input) => ({
		method: 'PATCH',
		path: `/api/v1/variants/${input.id('variantId')}`,
		body: input.changes('updateFields'),
	}),
};
