import type { Operation } from '../../../shared/service.ts';
import { campaignId } from './fields.ts';

export const checkAudience: Operation = {
	name: 'Check Audience',
	value: 'checkAudience',
	action: 'Check the audience of a campaign',
	description: 'Count who would get the campaign, without sending anything',
	fields: [campaignId],
	reads: true,
	request: (input) => ({
		method: 'POST',
		path: `/api/campaigns/${input.id('campaignId')}/send`,
		query: { dryRun: true },
		body: {},
	}),
};
