import type { Operation } from '../../../shared/service.ts';
import { licenseId, reason } from './fields.ts';

export const reinstate: Operation = {
	name: 'Reinstate',
	value: 'reinstate',
	action: 'Reinstate a license',
	description: 'Put a suspended license to use again',
	fields: [licenseId, reason],
	request: (input) => ({
		method: 'POST',
		path: `/api/v1/licenses/${input.id('licenseId')}/reinstate`,
		body: input.fields('additionalFields'),
	}),
};
