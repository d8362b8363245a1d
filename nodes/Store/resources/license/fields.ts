import type { INodeProperties } from 'n8n-workflow';

import { idField } from '../../../shared/fields.ts';

export const licenseId = idField('License ID', 'licenseId', 'ID of the license');

export const licenseKey: INodeProperties = {
	displayName: 'License Key',
	name: 'key',
	type: 'string',
	default: '',
	typeOptions: { password: true },
	required: true,
	placeholder: 'e.g. AP-XXXXX-XXXXX-XXXXX',
};

export const reason: INodeProperties = {
	displayName: 'Additional Fields',
	name: 'additionalFields',
	type: 'collection',
	placeholder: 'Add field',
	default: {},
	options: [{ displayName: 'Reason', name: 'reason', type: 'string', default: '' }],
};
