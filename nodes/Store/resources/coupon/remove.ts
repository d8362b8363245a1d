import type { Operation } from '../../../shared/service.ts';
import { couponId } from './fields.ts';

export const remove: Operation = {
	name: 'Delete',
	value: 'delete',
	action: 'Delete a coupon',
	description: 'Delete a coupon; orders keep what it took off',
	fields: [couponId],
	request: (input) => ({ method: 'DELETE', path: `/api/v1/coupons/${input.id('couponId')}` }),
};
