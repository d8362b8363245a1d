import type { Operation } from '../../../shared/service.ts';

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many emails',
	description: 'Get emails to single persons, the newest first',
	fields: [
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add filter',
			default: {},
			options: [
				{
					displayName: 'Email',
					name: 'email',
					type: 'string',
					default: '',
					placeholder: 'name@email.com',
				},
				{
					displayName: 'State',
					name: 'state',
					type: 'options',
					default: 'failed',
					options: [
						{ name: 'Failed', value: 'failed' },
						{ name: 'Queued', value: 'queued' },
						{ name: 'Sending', value: 'sending' },
						{ name: 'Sent', value: 'sent' },
						{ name: 'Suppressed', value: 'suppressed' },
					],
				},
			],
		},
	],
	reads: true,
	answer: 'pages',
	request: (input) => ({ method: 'GET', path: '/api/mails', query: input.fields('filters') }),
};
