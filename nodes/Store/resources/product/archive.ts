import type { Operation } from '../../../shared/service.ts';
import { productId } from './fields.ts';

export const archive: Operation = {
	name: 'Archive',
	value: 'archive',
	action: 'Archive a product',
	description: 'Take a product out of the shop without deleting it',
	fields: [productId],
	request: (input) => ({
		method: 'POST',
		path: `/api/v1/products/${input.id('productId')}/archive`,
	}),
};
