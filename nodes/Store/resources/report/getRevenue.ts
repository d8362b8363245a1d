import type { Operation } from '../../../shared/service.ts';

export const getRevenue: Operation = {
	name: 'Get Revenue',
	value: 'getRevenue',
	action: 'Get the revenue',
	description: 'Get revenue from the ledger by day, product, campaign or workflow',
	fields: [
		{
			displayName: 'Group By',
			name: 'groupBy',
			type: 'options',
			default: 'day',
			options: [
				{ name: 'Campaign', value: 'campaign' },
				{ name: 'Day', value: 'day' },
				{ name: 'Product', value: 'product' },
				{ name: 'Workflow', value: 'workflow' },
			],
		},
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add filter',
			default: {},
			options: [
				{
					displayName: 'Currency',
					name: 'currency',
					type: 'string',
					default: '',
					placeholder: 'e.g. EUR',
				},
				{ displayName: 'From', name: 'from', type: 'dateTime', default: '' },
				{ displayName: 'To', name: 'to', type: 'dateTime', default: '' },
			],
		},
	],
	reads: true,
	answer: 'list',
	request: (input) => ({
		method: 'GET',
		path: '/api/v1/revenue',
		query: { groupBy: input.text('groupBy'), ...input.fields('filters') },
	}),
};
