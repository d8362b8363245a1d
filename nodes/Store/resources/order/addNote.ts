import type { Operation } from '../../../shared/service.ts';
import { orderId } from './fields.ts';

export const addNote: Operation = {
	name: 'Add Note',
	value: 'addNote',
	action: 'Add a note to an order',
	description: 'Add a note that only the people of the store see',
	fields: [
		orderId,
		{
			displayName: 'Text',
			name: 'text',
			type: 'string',
			default: '',
			typeOptions: { rows: 3 },
			required: true,
		},
	],
	request: (input) => ({
		method: 'POST',
		path: `/api/v1/orders/${input.id('orderId')}/notes`,
		body: input.texts('text'),
	}),
};
