import type { Operation } from '../../../shared/service.ts';
import { contactId } from './fields.ts';

export const unsubscribe: Operation = {
	name: 'Unsubscribe',
	value: 'unsubscribe',
	action: 'Unsubscribe a contact',
	description: 'Record that the contact wants no more e-mails',
	fields: [contactId],
	request: (input) => ({
		method: 'POST',
		path: `/api/contacts/${input.id('contactId')}/unsubscribe`,
	}),
};
