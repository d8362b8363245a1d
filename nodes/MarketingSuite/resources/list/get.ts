import type { Operation } from '../../../shared/service.ts';
import { listId } from './fields.ts';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get a list',
	description: 'Get a list by ID',
	fields: [listId],
	reads: true,
	request: (input) => ({ method: 'GET', path: `/api/lists/${input.id('listId')}` }),
};
