import type { Operation } from '../../../shared/service.ts';
import { couponId, couponLimits } from './fields.ts';

export const update: Operation = {
	name: 'Update',
	value: 'update',
	action: 'Update a coupon',
	description: 'Change the limits of a coupon',
	fields: [
		couponId,
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [...couponLimits],
		},
	],
	request: (input) => ({
		method: 'PATCH',
		path: `/api/v1/coupons/${input.id('couponId')}`,
		body: input.changes('updateFields'),
	}),
};
