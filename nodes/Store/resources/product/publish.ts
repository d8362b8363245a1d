import type { Operation } from '../../../shared/service.ts';
import { productId } from './fields.ts';

export const publish: Operation = {
	name: 'Publish',
	value: 'publish',
	action: 'Publish a product',
	description: 'Make a product visible to customers',
	fields: [productId],
	request: (input) => ({
		method: 'POST',
		path: `/api/v1/products/${input.id('productId')}/publish`,
	}),
};
