import type { Operation } from '../../../shared/service.ts';
import { productId } from '../product/fields.ts';
import { quietMinutes, state, step } from './fields.ts';

export const update: Operation = {
	name: 'Update',
	value: 'update',
	action: 'Update a launch',
	description: 'Note how far a launch is, or how it has ended',
	fields: [
		productId,
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [
				quietMinutes,
				{
					displayName: 'Reason',
					name: 'reason',
					type: 'string',
					default: '',
					description: 'Why it has failed',
				},
				state,
				step,
			],
		},
	],
	request: (input) => ({
		method: 'PATCH',
		path: `/api/v1/products/${input.id('productId')}/launch`,
		body: input.fields('updateFields'),
	}),
};
