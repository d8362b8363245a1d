import type { Operation } from '../../../shared/service.ts';
import { productIdOrSlug } from './fields.ts';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get a product',
	description: 'Get a product by ID or slug',
	fields: [productIdOrSlug],
	reads: true,
	request: (input) => ({ method: 'GET', path: `/api/v1/products/${input.id('productId')}` }),
};
