import type { Resource } from '../../../shared/service.ts';
import { create } from './create.ts';
import { remove } from './remove.ts';
import { setStock } from './setStock.ts';
import { update } from './update.ts';

export const variant: Resource = {
	name: 'Variant',
	value: 'variant',
	operations: [create, update, setStock, remove],
};
