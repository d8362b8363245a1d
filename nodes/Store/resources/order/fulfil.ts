import type { Operation } from '../../../shared/service.ts';
import { orderId } from './fields.ts';

export const fulfil: Operation = {
	name: 'Start Fulfillment',
	value: 'fulfil',
	action: 'Start the fulfillment of an order',
	description: 'Mark a paid order as being fulfilled; once is enough',
	fields: [orderId],
	request: (input) => ({ method: 'POST', path: `/api/v1/orders/${input.id('orderId')}/fulfil` }),
};
