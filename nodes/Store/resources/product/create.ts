import type { Operation } from '../../../shared/service.ts';
import { productFields, variantFields, variantsOf } from './fields.ts';

export const create: Operation = {
	name: 'Create',
	value: 'create',
	action: 'Create a product',
	description: 'Create a product with its variants',
	fields: [
		{
			displayName: 'Title',
			name: 'title',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. Solar lantern',
		},
		{
			displayName: 'Define Variants',
			name: 'defineVariants',
			type: 'options',
			noDataExpression: true,
			default: 'fields',
			options: [
				{ name: 'Using Fields Below', value: 'fields' },
				{ name: 'Using JSON', value: 'json' },
			],
		},
		{
			displayName: 'Variants',
			name: 'variants',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true, sortable: true },
			default: {},
			placeholder: 'Add variant',
			description: 'What can be bought: at least one variant with SKU and price',
			displayOptions: { show: { defineVariants: ['fields'] } },
			options: [{ displayName: 'Variant', name: 'items', values: variantFields }],
		},
		{
			displayName: 'Variants (JSON)',
			name: 'variantsJson',
			type: 'json',
			default: '[{"sku": "LANTERN-1", "price": {"amount": 4999, "currency": "EUR"}, "stock": 10}]',
			description: 'List of variants, in the form the store takes them',
			displayOptions: { show: { defineVariants: ['json'] } },
		},
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [
				...productFields,
				{
					displayName: 'Status',
					name: 'status',
					type: 'options',
					default: 'draft',
					options: [
						{ name: 'Draft', value: 'draft' },
						{ name: 'Published', value: 'published' },
					],
				},
			],
		},
	],
	request: (input) => ({
		method: 'POST',
		path: '/api/v1/products',
		body: {
			title: input.text('title'),
			variants: variantsOf(input),
			...input.fields('additionalFields'),
		},
	}),
};
