import type { Operation } from '../../../shared/service.ts';
import { refundId } from './fields.ts';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get a refund',
	description: 'Get a refund by ID',
	fields: [refundId],
	reads: true,
	request: (input) => ({ method: 'GET', path: `/api/v1/refunds/${input.id('refundId')}` }),
};
