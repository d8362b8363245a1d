import type { INodeProperties } from 'n8n-workflow';

import { idField } from '../../../shared/fields.ts';

export const couponId = idField('Coupon ID', 'couponId', 'ID of the coupon');

export const couponDuration: INodeProperties = {
	displayName: 'Duration',
	name: 'duration',
	type: 'options',
	default: 'once',
	options: [
		{ name: 'Forever', value: 'forever' },
		{ name: 'Once', value: 'once' },
	],
	description: 'What of a subscription it is taken off: the first payment, or every one',
};

export const couponLimits: INodeProperties[] = [
	{
		displayName: 'Active',
		name: 'active',
		type: 'boolean',
		default: true,
		description: 'Whether it can be used',
	},
	{ displayName: 'Description', name: 'description', type: 'string', default: '' },
	{ displayName: 'Expires At', name: 'expiresAt', type: 'dateTime', default: '' },
	{
		displayName: 'Maximum Per Customer',
		name: 'maxPerCustomer',
		type: 'number',
		default: 1,
		typeOptions: { minValue: 1 },
		description: 'Counted by email address',
	},
	{
		displayName: 'Maximum Redemptions',
		name: 'maxRedemptions',
		type: 'number',
		default: 100,
		typeOptions: { minValue: 1 },
	},
	{
		displayName: 'Product IDs',
		name: 'productIds',
		type: 'string',
		default: '',
		typeOptions: { commaSeparated: true },
		description: 'Only for these products. Comma-separated.',
	},
	{ displayName: 'Starts At', name: 'startsAt', type: 'dateTime', default: '' },
];
