import type { Resource } from '../../../shared/service.ts';
import { create } from './create.ts';
import { get } from './get.ts';
import { getMany } from './getMany.ts';
import { remove } from './remove.ts';
import { update } from './update.ts';

export const coupon: Resource = {
	name: 'Coupon',
	value: 'coupon',
	operations: [create, get, getMany, update, remove],
};
