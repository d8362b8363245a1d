import type { Resource } from '../../../shared/service.ts';
import { addEvent } from './addEvent.ts';
import { create } from './create.ts';
import { get } from './get.ts';
import { getMany } from './getMany.ts';

export const shipment: Resource = {
	name: 'Shipment',
	value: 'shipment',
	operations: [create, get, getMany, addEvent],
};
