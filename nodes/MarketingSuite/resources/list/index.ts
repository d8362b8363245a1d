import type { Resource } from '../../../shared/service.ts';
import { addContacts } from './addContacts.ts';
import { create } from './create.ts';
import { get } from './get.ts';
import { getMany } from './getMany.ts';
import { remove } from './remove.ts';
import { removeContact } from './removeContact.ts';
import { update } from './update.ts';

export const list: Resource = {
	name: 'List',
	value: 'list',
	operations: [create, get, getMany, update, addContacts, removeContact, remove],
};
