import type { Operation } from '../../../shared/service.ts';
import { licenseId, reason } from './fields.ts';

export const suspend: Operation = {
	name: 'Suspend',
	value: 'suspend',
	action: 'Suspend a license',
	description: 'Put a license out of use until it is reinstated',
	fields: [licenseId, reason],
	request: (input) => ({
		method: 'POST',
		path: `/api/v1/licenses/${input.id('licenseId')}/suspend`,
		body: input.fields('additionalFields'),
	}),
};
