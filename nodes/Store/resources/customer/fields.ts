import type { INodeProperties } from 'n8n-workflow';

import { idField } from '../../../shared/fields.ts';

export const customerId = idField('Customer ID', 'customerId', 'ID of the customer');

export const email: INodeProperties = {
	displayName: 'Email',
	name: 'email',
	type: 'string',
	default: '',
	placeholder: 'name@email.com',
};

export const customerFields: INodeProperties[] = [
	{
		displayName: 'Attributes',
		name: 'attributes',
		type: 'json',
		default: '{}',
		description: 'Any further facts as a JSON object',
	},
	{
		displayName: 'Locale',
		name: 'locale',
		type: 'string',
		default: '',
		placeholder: 'e.g. de-DE',
	},
	{
		displayName: 'Marketing Consent',
		name: 'marketingConsent',
		type: 'fixedCollection',
		default: {},
		placeholder: 'Set consent',
		description: 'Where and when the customer agreed to receive marketing e-mails',
		options: [
			{
				displayName: 'Consent',
				name: 'value',
				values: [
					{ displayName: 'Given At', name: 'at', type: 'dateTime', default: '' },
					{
						displayName: 'Source',
						name: 'source',
						type: 'string',
						default: '',
						placeholder: 'e.g. checkout',
					},
				],
			},
		],
	},
	{ displayName: 'Name', name: 'name', type: 'string', default: '' },
];
