import type { Operation } from '../../../shared/service.ts';
import { campaignId } from './fields.ts';

export const sendTest: Operation = {
	name: 'Send Test',
	value: 'sendTest',
	action: 'Send a test e-mail',
	description: 'Send the campaign to given addresses only',
	fields: [
		campaignId,
		{
			displayName: 'To',
			name: 'to',
			type: 'string',
			typeOptions: { commaSeparated: true },
			default: '',
			required: true,
			placeholder: 'name@email.com',
			description:
				'Addresses that get the test. Comma-separated, or an expression that gives a list.',
		},
	],
	request: (input) => ({
		method: 'POST',
		path: `/api/campaigns/${input.id('campaignId')}/test`,
		body: { to: input.list('to') },
	}),
};
