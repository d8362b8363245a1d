import type { Resource } from '../../../shared/service.ts';
import { cancel } from './cancel.ts';
import { get } from './get.ts';
import { getMany } from './getMany.ts';
import { pause } from './pause.ts';
import { resume } from './resume.ts';

export const subscription: Resource = {
	name: 'Subscription',
	value: 'subscription',
	operations: [get, getMany, cancel, pause, resume],
};
