import type { Operation } from '../../../shared/service.ts';
import { licenseId } from './fields.ts';

export const getKey: Operation = {
	name: 'Get Key',
	value: 'getKey',
	action: 'Get the key of a license',
	description: 'Show the key again; every time is noted in the history of the license',
	fields: [licenseId],
	request: (input) => ({
		method: 'POST',
		path: `/api/v1/licenses/${input.id('licenseId')}/reveal`,
	}),
};
