import type { Operation } from '../../../shared/service.ts';

export const importMany: Operation = {
	name: 'Import',
	value: 'import',
	action: 'Import licenses',
	description: 'Issue up to 1000 licenses at once, with keys from another shop or new ones',
	fields: [
		{
			displayName: 'Licenses',
			name: 'licenses',
			type: 'json',
			default:
				'[{"externalId": "old-shop-1", "email": "ada@example.com", "key": "OLD-SHOP-KEY-0001"}]',
			required: true,
			description:
				'List of licenses, each with email and key or externalId. Without a key one is made; with externalId the list can be sent again. An expression may give the list.',
		},
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [
				{
					displayName: 'Product ID',
					name: 'productId',
					type: 'string',
					default: '',
					description: 'Product of the licenses that name none; its policy says what they grant',
				},
			],
		},
	],
	request: (input) => ({
		method: 'POST',
		path: '/api/v1/licenses/import',
		body: { licenses: input.jsonList('licenses'), ...input.fields('additionalFields') },
	}),
};
