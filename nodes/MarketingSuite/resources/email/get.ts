import { idField } from '../../../shared/fields.ts';
import type { Operation } from '../../../shared/service.ts';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get an email',
	description: 'Get an email as it was written, and what became of it',
	fields: [idField('Email ID', 'emailId', 'ID that the operation Send gave')],
	reads: true,
	request: (input) => ({ method: 'GET', path: `/api/mails/${input.id('emailId')}` }),
};
