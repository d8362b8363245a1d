import type { Resource } from '../../../shared/service.ts';
import { create } from './create.ts';
import { get } from './get.ts';
import { getMany } from './getMany.ts';
import { getMembership } from './getMembership.ts';
import { openPortal } from './openPortal.ts';
import { remove } from './remove.ts';
import { update } from './update.ts';

export const customer: Resource = {
	name: 'Customer',
	value: 'customer',
	operations: [create, get, getMany, update, remove, getMembership, openPortal],
};
