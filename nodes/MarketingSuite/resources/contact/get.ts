import type { Operation } from '../../../shared/service.ts';
import { contactId } from './fields.ts';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get a contact',
	description: 'Get a contact by ID',
	fields: [contactId],
	reads: true,
	request: (input) => ({ method: 'GET', path: `/api/contacts/${input.id('contactId')}` }),
};
