import type { Operation } from '../../../shared/service.ts';
import { campaignId } from './fields.ts';

export const getAnalytics: Operation = {
	name: 'Get Analytics',
	value: 'getAnalytics',
	action: 'Get the analytics of a campaign',
	description: 'Get how many e-mails were sent, opened and clicked',
	fields: [campaignId],
	reads: true,
	request: (input) => ({
		method: 'GET',
		path: `/api/campaigns/${input.id('campaignId')}/analytics`,
	}),
};
