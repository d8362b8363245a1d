import type { Operation } from '../../../shared/service.ts';
import { orderId } from './fields.ts';

export const complete: Operation = {
	name: 'Complete',
	value: 'complete',
	action: 'Complete an order',
	description:
		'Mark an order without physical goods as delivered, or say of a delivered one that nothing is left to be done',
	fields: [orderId],
	request: (input) => ({ method: 'POST', path: `/api/v1/orders/${input.id('orderId')}/complete` }),
};
