import type { Operation } from '../../../shared/service.ts';
import { licenseId } from './fields.ts';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get a license',
	description: 'Get a license by ID; its key is not in it',
	fields: [licenseId],
	reads: true,
	request: (input) => ({ method: 'GET', path: `/api/v1/licenses/${input.id('licenseId')}` }),
};
