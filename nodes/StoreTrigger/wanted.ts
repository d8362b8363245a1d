import type { IDataObject, INodeProperties, IWebhookFunctions } from 'n8n-workflow';

import { isObject, textOf } from '../shared/problem.ts';
import type { ServiceEvent } from '../shared/trigger.ts';

/** What an event may be left out for. A filter is about some kinds of events; the others always pass. */
export const filters: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add filter',
	default: {},
	description: 'Each filter is about the events that it names; others always pass',
	options: [
		{
			displayName: 'Delivery',
			name: 'delivery',
			type: 'options',
			default: 'digital',
			description: 'Only orders with a line of this kind',
			options: [
				{ name: 'Digital', value: 'digital' },
				{ name: 'Physical', value: 'physical' },
			],
		},
		{
			displayName: 'Email',
			name: 'email',
			type: 'string',
			default: '',
			placeholder: 'name@email.com',
			description: 'Only orders, payments, subscriptions, licenses and customers of this address',
		},
		{
			displayName: 'Minimum Total (Minor Units)',
			name: 'minTotal',
			type: 'number',
			default: 0,
			description: 'Only orders, payments and refunds of at least this amount, e.g. 5000 for 50.00',
		},
		{
			displayName: 'Product ID',
			name: 'productId',
			type: 'string',
			default: '',
			description: 'Only orders with this product, and licenses, downloads and subscriptions of it',
		},
		{
			displayName: 'SKU',
			name: 'sku',
			type: 'string',
			default: '',
			description: 'Only orders with a line of this SKU',
		},
		{
			displayName: 'Status',
			name: 'status',
			type: 'multiOptions',
			default: ['published'],
			description: 'Only products in one of these states',
			options: [
				{ name: 'Archived', value: 'archived' },
				{ name: 'Draft', value: 'draft' },
				{ name: 'Published', value: 'published' },
			],
		},
		{
			displayName: 'Tag',
			name: 'tag',
			type: 'string',
			default: '',
			description: 'Only products with this tag',
		},
	],
};

type Check = (data: IDataObject, wanted: string) => boolean;

const objects = (value: unknown): IDataObject[] =>
	Array.isArray(value) ? value.filter(isObject) : [];
const inside = (data: IDataObject, name: string): IDataObject => {
	const value = data[name];
	return isObject(value) ? value : {};
};
const lineWith =
	(name: string): Check =>
	({ lines }, wanted) =>
		objects(lines).some((line) => line[name] === wanted);

/** Which events a filter is about, by the part of their type before the dot, and what it asks of them. */
const CHECKS: Record<string, { about: string[]; passes: Check }> = {
	delivery: { about: ['order'], passes: lineWith('delivery') },
	sku: { about: ['order'], passes: lineWith('sku') },
	tag: {
		about: ['product'],
		passes: ({ tags }, wanted) =>
			Array.isArray(tags) && tags.some((tag: unknown) => tag === wanted),
	},
	email: {
		about: ['order', 'payment', 'refund', 'dispute', 'subscription', 'license', 'customer'],
		passes: (data, wanted) =>
			String(data.email ?? inside(data, 'order').email).toLowerCase() === wanted.toLowerCase(),
	},
	minTotal: {
		about: ['order', 'payment', 'refund'],
		passes: (data, wanted) => Number(data.total ?? data.amount) >= Number(wanted),
	},
	productId: {
		about: ['order', 'license', 'download', 'subscription'],
		passes: (data, wanted) =>
			data.productId === wanted ||
			inside(data, 'product').id === wanted ||
			lineWith('productId')(data, wanted),
	},
};

/** True when no filter of the trigger leaves the event out. */
export function isWanted(context: IWebhookFunctions, { type, data }: ServiceEvent): boolean {
	const parameter: unknown = context.getNodeParameter('filters', {});
	const given = isObject(parameter) ? parameter : {};
	const [kind = ''] = type.split('.');
	const states = Array.isArray(given.status) ? given.status.map(String) : [];
	if (kind === 'product' && states.length > 0 && !states.includes(String(data.status)))
		return false;
	return Object.entries(CHECKS).every(([name, { about, passes }]) => {
		const wanted = textOf(typeof given[name] === 'number' ? String(given[name]) : given[name]);
		return wanted === undefined || !about.includes(kind) || passes(data, wanted);
	});
}
