import type { Operation } from '../../../shared/service.ts';
import { productId } from '../product/fields.ts';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get a launch',
	description: 'Get how far the launch of a product is',
	fields: [productId],
	reads: true,
	request: (input) => ({
		method: 'GET',
		path: `/api/v1/products/${input.id('productId')}/launch`,
	}),
};
