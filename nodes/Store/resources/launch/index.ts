import type { Resource } from '../../../shared/service.ts';
import { begin } from './begin.ts';
import { get } from './get.ts';
import { getMany } from './getMany.ts';
import { takeUp } from './takeUp.ts';
import { update } from './update.ts';

export const launch: Resource = {
	name: 'Launch',
	value: 'launch',
	operations: [begin, get, getMany, update, takeUp],
};
