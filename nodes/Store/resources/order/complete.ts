import type { Operation } from '../../../shared/service.ts';
import { orderId } from './fields.ts';

export const complete: Operation = {
	name: 'Complete',
	value: 'complete',
	action: 'Complete an order',
	description: 'Mark an order without physical goods as delivered',
	fields: [orderId],
	request: (input) => ({ method: 'POST', path: `/api/v1/orders/${input.id('orderId')}/complete` }),
};
