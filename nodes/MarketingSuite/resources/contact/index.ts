import type { Resource } from '../../../shared/service.ts';
import { create } from './create.ts';
import { get } from './get.ts';
import { getMany } from './getMany.ts';
import { importMany } from './importMany.ts';
import { remove } from './remove.ts';
import { unsubscribe } from './unsubscribe.ts';
import { update } from './update.ts';

export const contact: Resource = {
	name: 'Contact',
	value: 'contact',
	operations: [create, importMany, get, getMany, update, unsubscribe, remove],
};
