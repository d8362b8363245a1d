import type { Operation } from '../../../shared/service.ts';
import { licenseId, reason } from './fields.ts';

export const revoke: Operation = {
	name: 'Revoke',
	value: 'revoke',
	action: 'Revoke a license',
	description: 'End a license for good',
	fields: [licenseId, reason],
	request: (input) => ({
		method: 'POST',
		path: `/api/v1/licenses/${input.id('licenseId')}/revoke`,
		body: input.fields('additionalFields'),
	}),
};
