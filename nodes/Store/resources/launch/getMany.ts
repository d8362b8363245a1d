import type { Operation } from '../../../shared/service.ts';
import { state } from './fields.ts';

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many launches',
	description: 'Get launches of products, those of the newest products first',
	fields: [
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add filter',
			default: {},
			options: [
				state,
				{
					displayName: 'Unattended For (Minutes)',
					name: 'unattendedMinutes',
					type: 'number',
					default: 10,
					typeOptions: { minValue: 1 },
					description:
						'Only launches that run, but were not heard of for so long although they had not asked to be quiet',
				},
			],
		},
	],
	reads: true,
	answer: 'pages',
	request: (input) => ({ method: 'GET', path: '/api/v1/launches', query: input.fields('filters') }),
};
