import type { Operation } from '../../../shared/service.ts';
import { licenseId } from './fields.ts';

export const rotate: Operation = {
	name: 'Rotate Key',
	value: 'rotate',
	action: 'Rotate the key of a license',
	description: 'Make a new key; the old one opens nothing any more',
	fields: [licenseId],
	request: (input) => ({
		method: 'POST',
		path: `/api/v1/licenses/${input.id('licenseId')}/rotate`,
	}),
};
