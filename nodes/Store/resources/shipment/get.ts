import type { Operation } from '../../../shared/service.ts';
import { shipmentId } from './fields.ts';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get a shipment',
	description: 'Get a shipment with what its carrier told',
	fields: [shipmentId],
	reads: true,
	request: (input) => ({ method: 'GET', path: `/api/v1/shipments/${input.id('shipmentId')}` }),
};
