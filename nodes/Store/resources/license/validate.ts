import type { Operation } from '../../../shared/service.ts';
import { licenseKey } from './fields.ts';

export const validate: Operation = {
	name: 'Validate',
	value: 'validate',
	action: 'Validate a license key',
	description: 'Ask whether a key is good; the answer has a code for every case',
	fields: [
		licenseKey,
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [
				{
					displayName: 'Entitlements',
					name: 'entitlements',
					type: 'string',
					default: '',
					typeOptions: { commaSeparated: true },
					description: 'What the license must allow. Comma-separated.',
				},
				{
					displayName: 'Fingerprint',
					name: 'fingerprint',
					type: 'string',
					default: '',
					description: 'What tells the device from others',
				},
				{ displayName: 'Product ID', name: 'productId', type: 'string', default: '' },
			],
		},
	],
	reads: true,
	request: (input) => ({
		method: 'POST',
		path: '/api/v1/licenses/validate',
		body: { key: input.text('key'), ...input.fields('additionalFields') },
	}),
};
