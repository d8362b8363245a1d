import type { Operation } from '../../../shared/service.ts';
import { productId, variantOf } from '../product/fields.ts';
import { additionalFields, currency, price, sku } from './fields.ts';

export const create: Operation = {
	name: 'Create',
	value: 'create',
	action: 'Create a variant',
	description: 'Add a variant to a product',
	fields: [productId, sku, price, currency, additionalFields],
	request: (input) => ({
		method: 'POST',
		path: `/api/v1/products/${input.id('productId')}/variants`,
		body: variantOf({
			sku: input.text('sku'),
			amount: input.number('amount'),
			currency: input.text('currency'),
			...input.fields('additionalFields'),
		}),
	}),
};
