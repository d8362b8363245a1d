import type { Operation } from '../../../shared/service.ts';
import { contactId } from './fields.ts';

export const remove: Operation = {
	name: 'Delete',
	value: 'delete',
	action: 'Delete a contact',
	description: 'Delete a contact and their data',
	fields: [contactId],
	request: (input) => ({ method: 'DELETE', path: `/api/contacts/${input.id('contactId')}` }),
};
