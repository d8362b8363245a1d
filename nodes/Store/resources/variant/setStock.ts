import type { Operation } from '../../../shared/service.ts';
import { variantId } from './fields.ts';

export const setStock: Operation = {
	name: 'Set Stock',
	value: 'setStock',
	action: 'Set the stock of a variant',
	description: 'Add to, take from or set the number of pieces in stock',
	fields: [
		variantId,
		{
			displayName: 'Mode',
			name: 'stockMode',
			type: 'options',
			noDataExpression: true,
			default: 'delta',
			options: [
				{
					name: 'Change By',
					value: 'delta',
					description: 'Add the quantity; a negative one is taken away',
				},
				{ name: 'Set To', value: 'set', description: 'Set the stock to the quantity' },
			],
		},
		{ displayName: 'Quantity', name: 'quantity', type: 'number', default: 1, required: true },
		{
			displayName: 'Reason',
			name: 'reason',
			type: 'string',
			default: '',
			placeholder: 'e.g. delivery 2026-11-20',
		},
	],
	request(input) {
		const quantity = input.number('quantity');
		return {
			method: 'POST',
			path: `/api/v1/variants/${input.id('variantId')}/stock`,
			body: {
				...(input.text('stockMode') === 'set' ? { set: quantity } : { delta: quantity }),
				...input.texts('reason'),
			},
		};
	},
};
