import type { Operation } from '../../../shared/service.ts';
import { campaignId, sendJob } from './fields.ts';

export const send: Operation = {
	name: 'Send',
	value: 'send',
	action: 'Send a campaign',
	description: 'Send a campaign to everybody on its lists; one that was sent is not sent again',
	fields: [campaignId],
	job: sendJob,
	request: (input) => ({
		method: 'POST',
		path: `/api/campaigns/${input.id('campaignId')}/send`,
		body: {},
	}),
};
