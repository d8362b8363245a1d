import type { Operation } from '../../../shared/service.ts';
import { orderId } from './fields.ts';

export const getHistory: Operation = {
	name: 'Get History',
	value: 'getHistory',
	action: 'Get the history of an order',
	description: 'Get every change of an order, the oldest first',
	fields: [orderId],
	reads: true,
	answer: 'list',
	request: (input) => ({ method: 'GET', path: `/api/v1/orders/${input.id('orderId')}/history` }),
};
