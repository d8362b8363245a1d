import type { Resource } from '../../../shared/service.ts';
import { create } from './create.ts';
import { get } from './get.ts';
import { getMany } from './getMany.ts';

export const refund: Resource = {
	name: 'Refund',
	value: 'refund',
	operations: [create, get, getMany],
};
