import type { Operation } from '../../../shared/service.ts';
import { orderIdOrNumber } from './fields.ts';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get an order',
	description: 'Get an order by ID or number',
	fields: [orderIdOrNumber],
	reads: true,
	request: (input) => ({ method: 'GET', path: `/api/v1/orders/${input.id('orderId')}` }),
};
