import type { INodeProperties } from 'n8n-workflow';

export const properties: INodeProperties[] = [
	{
		displayName: 'License Key',
		name: 'key',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		required: true,
		placeholder: 'e.g. AP-XXXXX-XXXXX-XXXXX',
		description: 'The key to ask the store about',
	},
	{
		displayName: 'Requirements',
		name: 'requirements',
		type: 'collection',
		placeholder: 'Add requirement',
		default: {},
		options: [
			{
				displayName: 'Entitlements',
				name: 'entitlements',
				type: 'string',
				typeOptions: { commaSeparated: true },
				default: '',
				placeholder: 'e.g. export, teams',
				description: 'What the license must allow. Comma-separated.',
			},
			{
				displayName: 'Fingerprint',
				name: 'fingerprint',
				type: 'string',
				default: '',
				description: 'What tells the device from others; it must be activated',
			},
			{
				displayName: 'Product ID',
				name: 'productId',
				type: 'string',
				default: '',
				description: 'The product that the license must be for',
			},
		],
	},
	{
		displayName: 'Put Result in Field',
		name: 'resultField',
		type: 'string',
		required: true,
		default: 'license',
		hint: 'The name of the field that says what the store has answered; the others stay as they are',
	},
];
