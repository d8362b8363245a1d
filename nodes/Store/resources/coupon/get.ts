import type { Operation } from '../../../shared/service.ts';
import { couponId } from './fields.ts';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get a coupon',
	description: 'Get a coupon by ID',
	fields: [couponId],
	reads: true,
	request: (input) => ({ method: 'GET', path: `/api/v1/coupons/${input.id('couponId')}` }),
};
