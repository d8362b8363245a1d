import type { Operation } from '../../../shared/service.ts';
import { campaignId } from './fields.ts';

export const getRecipients: Operation = {
	name: 'Get Recipients',
	value: 'getRecipients',
	action: 'Get the recipients of a campaign',
	description: 'Get what became of the e-mail to each recipient',
	fields: [
		campaignId,
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add filter',
			default: {},
			options: [
				{
					displayName: 'State',
					name: 'state',
					type: 'options',
					default: 'sent',
					options: [
						{ name: 'Failed', value: 'failed' },
						{ name: 'Pending', value: 'pending' },
						{ name: 'Sending', value: 'sending' },
						{ name: 'Sent', value: 'sent' },
						{ name: 'Suppressed', value: 'suppressed' },
						{ name: 'Uncertain', value: 'uncertain' },
					],
				},
			],
		},
	],
	reads: true,
	answer: 'pages',
	request: (input) => ({
		method: 'GET',
		path: `/api/campaigns/${input.id('campaignId')}/recipients`,
		query: input.fields('filters'),
	}),
};
