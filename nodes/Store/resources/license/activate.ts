import type { Operation } from '../../../shared/service.ts';
import { licenseKey } from './fields.ts';

export const activate: Operation = {
	name: 'Activate',
	value: 'activate',
	action: 'Activate a device of a license',
	description: 'Give a device one of the seats of a license; the same device keeps the seat it has',
	fields: [
		licenseKey,
		{
			displayName: 'Fingerprint',
			name: 'fingerprint',
			type: 'string',
			default: '',
			required: true,
			description: 'What tells the device from others and stays the same',
		},
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [
				{
					displayName: 'Label',
					name: 'label',
					type: 'string',
					default: '',
					placeholder: 'e.g. Office laptop',
				},
				{
					displayName: 'Take Over',
					name: 'takeOver',
					type: 'boolean',
					default: false,
					description:
						'Whether the device that was seen longest ago makes room when no seat is free',
				},
			],
		},
	],
	request: (input) => ({
		method: 'POST',
		path: '/api/v1/licenses/activations',
		body: { ...input.texts('key', 'fingerprint'), ...input.fields('additionalFields') },
	}),
};
