import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { locator } from '../../../shared/fields.ts';
import type { ItemInput } from '../../../shared/input.ts';

const chooser = {
	label: 'Product',
	name: 'productId',
	search: 'searchProducts',
	description: 'The product to work on',
} as const;

export const productId: INodeProperties = locator(chooser);

/** For reading: the service finds a product by its slug too. */
export const productIdOrSlug: INodeProperties = locator({ ...chooser, slug: true });

export const mediaKind: INodeProperties = {
	displayName: 'Kind',
	name: 'kind',
	type: 'options',
	default: 'image',
	options: [
		{ name: 'Document', value: 'document' },
		{ name: 'Image', value: 'image' },
		{ name: 'Video', value: 'video' },
	],
};

export const mediaUrl: INodeProperties = {
	displayName: 'URL',
	name: 'url',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://shop.example/lantern.jpg',
};

export const mediaAlt: INodeProperties = {
	displayName: 'Alternative Text',
	name: 'alt',
	type: 'string',
	default: '',
	description: 'What can be seen, for people who do not see it',
};

/** Optional fields that create and update have in common. */
export const productFields: INodeProperties[] = [
	{
		displayName: 'Attributes',
		name: 'attributes',
		type: 'json',
		default: '{}',
		description:
			'Any further facts as a JSON object. An update merges them: keys that are not named stay, null removes a key.',
	},
	{
		displayName: 'Description',
		name: 'description',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
	},
	{
		displayName: 'Media',
		name: 'media',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		default: {},
		placeholder: 'Add media',
		description:
			'Images, videos and documents, in the order they are shown. An update replaces all.',
		options: [{ displayName: 'Media', name: 'items', values: [mediaAlt, mediaKind, mediaUrl] }],
	},
	{
		displayName: 'Slug',
		name: 'slug',
		type: 'string',
		default: '',
		placeholder: 'e.g. solar-lantern',
		description: 'Readable name in the address of the product. Default: made of the title.',
	},
	{
		displayName: 'Tags',
		name: 'tags',
		type: 'string',
		typeOptions: { commaSeparated: true },
		default: '',
		description: 'Tags of the product. Comma-separated, or an expression that gives a list.',
	},
];

export const delivery: INodeProperties = {
	displayName: 'Delivery',
	name: 'delivery',
	type: 'options',
	default: 'physical',
	description: 'How the buyer gets it',
	options: [
		{ name: 'Digital', value: 'digital', description: 'Licensed and downloaded; not counted' },
		{ name: 'Physical', value: 'physical', description: 'Shipped, and counted in stock' },
	],
};

export const tracksStock: INodeProperties = {
	displayName: 'Track Stock',
	name: 'tracksStock',
	type: 'boolean',
	default: true,
	description: 'Whether no more is sold than there is',
};

/** One variant, as the parts of the price are entered. */
export const variantFields: INodeProperties[] = [
	{
		displayName: 'Currency',
		name: 'currency',
		type: 'string',
		default: 'EUR',
		description: 'Currency of the price, three letters (ISO 4217)',
	},
	delivery,
	{
		displayName: 'Options',
		name: 'options',
		type: 'json',
		default: '{}',
		description: 'What makes this variant differ, e.g. {"colour": "red"}',
	},
	{
		displayName: 'Price (Minor Units)',
		name: 'amount',
		type: 'number',
		default: 0,
		description: 'Price in cents: 4999 is 49.99',
	},
	{ displayName: 'SKU', name: 'sku', type: 'string', default: '' },
	{ displayName: 'Stock', name: 'stock', type: 'number', default: 0 },
	{ displayName: 'Title', name: 'title', type: 'string', default: '' },
];

/** Puts the parts of a price together, as far as they were given. */
export function variantOf({ amount, currency, ...variant }: IDataObject): IDataObject {
	return amount === undefined ? variant : { ...variant, price: { amount, currency } };
}

export function variantsOf(input: ItemInput): IDataObject[] {
	if (input.text('defineVariants') === 'fields') return input.entries('variants').map(variantOf);
	return input.jsonList('variantsJson');
}
