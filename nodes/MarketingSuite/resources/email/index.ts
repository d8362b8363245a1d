import type { Resource } from '../../../shared/service.ts';
import { get } from './get.ts';
import { getMany } from './getMany.ts';
import { send } from './send.ts';

export const email: Resource = {
	name: 'Email',
	value: 'email',
	operations: [send, get, getMany],
};
