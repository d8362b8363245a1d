import type { Resource } from '../../../shared/service.ts';
import { get } from './get.ts';
import { getMany } from './getMany.ts';

export const payment: Resource = {
	name: 'Payment',
	value: 'payment',
	operations: [get, getMany],
};
