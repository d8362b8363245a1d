import type { Resource } from '../../../shared/service.ts';
import { create } from './create.ts';
import { getMany } from './getMany.ts';
import { remove } from './remove.ts';

export const suppression: Resource = {
	name: 'Suppression',
	value: 'suppression',
	operations: [create, getMany, remove],
};
