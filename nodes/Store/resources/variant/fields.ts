import type { INodeProperties } from 'n8n-workflow';

import { idField } from '../../../shared/fields.ts';
import { delivery, tracksStock } from '../product/fields.ts';

export const variantId = idField(
	'Variant ID',
	'variantId',
	'ID of the variant, found in the variants of its product',
);

export const sku: INodeProperties = {
	displayName: 'SKU',
	name: 'sku',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. LANTERN-1',
};

export const price: INodeProperties = {
	displayName: 'Price (Minor Units)',
	name: 'amount',
	type: 'number',
	default: 0,
	required: true,
	description: 'Price in cents: 4999 is 49.99',
};

export const currency: INodeProperties = {
	displayName: 'Currency',
	name: 'currency',
	type: 'string',
	default: 'EUR',
	description: 'Currency of the price, three letters (ISO 4217)',
};

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'json',
	default: '{}',
	description: 'What makes this variant differ, e.g. {"colour": "red"}',
};

const title: INodeProperties = {
	displayName: 'Title',
	name: 'title',
	type: 'string',
	default: '',
};

export const additionalFields: INodeProperties = {
	displayName: 'Additional Fields',
	name: 'additionalFields',
	type: 'collection',
	placeholder: 'Add field',
	default: {},
	options: [
		delivery,
		options,
		{ displayName: 'Stock', name: 'stock', type: 'number', default: 0 },
		title,
		tracksStock,
	],
};

export const updateFields: INodeProperties = {
	displayName: 'Update Fields',
	name: 'updateFields',
	type: 'collection',
	placeholder: 'Add field',
	default: {},
	options: [
		delivery,
		options,
		{
			displayName: 'Price',
			name: 'price',
			type: 'fixedCollection',
			default: {},
			placeholder: 'Set price',
			options: [{ displayName: 'Price', name: 'value', values: [currency, price] }],
		},
		{ ...sku, required: false },
		title,
		tracksStock,
	],
};
