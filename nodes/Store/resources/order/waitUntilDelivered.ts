import type { Operation } from '../../../shared/service.ts';
import { orderId, orderJob } from './fields.ts';

export const waitUntilDelivered: Operation = {
	name: 'Wait Until Delivered',
	value: 'waitUntilDelivered',
	action: 'Wait until an order is delivered',
	description: 'Sleep until all goods of the order have arrived',
	fields: [orderId],
	job: orderJob('delivered'),
	request: (input) => ({
		method: 'POST',
		path: `/api/v1/orders/${input.id('orderId')}/callback`,
		body: { until: 'delivered' },
	}),
};
