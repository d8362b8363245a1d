import type { Operation } from '../../../shared/service.ts';
import { listId } from './fields.ts';

export const remove: Operation = {
	name: 'Delete',
	value: 'delete',
	action: 'Delete a list',
	description: 'Delete a list; its contacts stay',
	fields: [listId],
	request: (input) => ({ method: 'DELETE', path: `/api/lists/${input.id('listId')}` }),
};
