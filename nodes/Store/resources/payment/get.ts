import type { Operation } from '../../../shared/service.ts';
import { paymentId } from './fields.ts';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get a payment',
	description: 'Get a payment by ID',
	fields: [paymentId],
	reads: true,
	request: (input) => ({ method: 'GET', path: `/api/v1/payments/${input.id('paymentId')}` }),
};
