import type { Operation } from '../../../shared/service.ts';
import { orderId, orderJob } from './fields.ts';

export const waitUntilShipped: Operation = {
	name: 'Wait Until Shipped',
	value: 'waitUntilShipped',
	action: 'Wait until an order is shipped',
	description: 'Sleep until all goods of the order are on their way',
	fields: [orderId],
	job: orderJob('shipped'),
	request: (input) => ({
		method: 'POST',
		path: `/api/v1/orders/${input.id('orderId')}/callback`,
		body: { until: 'shipped' },
	}),
};
