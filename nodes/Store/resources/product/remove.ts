import type { Operation } from '../../../shared/service.ts';
import { productId } from './fields.ts';

export const remove: Operation = {
	name: 'Delete',
	value: 'delete',
	action: 'Delete a product',
	description: 'Delete a product and its variants',
	fields: [productId],
	request: (input) => ({ method: 'DELETE', path: `/api/v1/products/${input.id('productId')}` }),
};
