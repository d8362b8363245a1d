import type { Operation } from '../../../shared/service.ts';
import { productId } from '../product/fields.ts';
import { quietMinutes, step } from './fields.ts';

export const begin: Operation = {
	name: 'Begin',
	value: 'begin',
	action: 'Begin a launch',
	description: 'Note that the launch of a product has begun, or goes on in this execution',
	fields: [
		productId,
		{
			displayName: 'Run',
			name: 'run',
			type: 'string',
			default: '={{ $execution.id }}',
			required: true,
			description: 'The execution that cares for the launch',
		},
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [quietMinutes, step],
		},
	],
	request: (input) => ({
		method: 'POST',
		path: `/api/v1/products/${input.id('productId')}/launch`,
		body: { run: input.text('run'), ...input.fields('additionalFields') },
	}),
};
