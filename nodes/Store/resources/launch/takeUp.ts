import type { Operation } from '../../../shared/service.ts';
import { productId } from '../product/fields.ts';
import { quietMinutes } from './fields.ts';

export const takeUp: Operation = {
	name: 'Take Up',
	value: 'takeUp',
	action: 'Take up a launch',
	description: 'Count another attempt at a launch whose execution got lost',
	fields: [
		productId,
		{
			displayName: 'Attempt',
			name: 'attempt',
			type: 'number',
			default: 2,
			typeOptions: { minValue: 2 },
			description:
				'One more than it has had. Of several that take up the same attempt, one succeeds.',
		},
		quietMinutes,
	],
	request: (input) => ({
		method: 'POST',
		path: `/api/v1/products/${input.id('productId')}/launch/take-up`,
		body: { attempt: input.number('attempt'), quietMinutes: input.number('quietMinutes') },
	}),
};
