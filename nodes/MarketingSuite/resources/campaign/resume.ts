import type { Operation } from '../../../shared/service.ts';
import { campaignId } from './fields.ts';

export const resume: Operation = {
	name: 'Resume',
	value: 'resume',
	action: 'Resume a campaign',
	description: 'Go on sending a paused campaign',
	fields: [campaignId],
	request: (input) => ({
		method: 'POST',
		path: `/api/campaigns/${input.id('campaignId')}/resume`,
	}),
};
