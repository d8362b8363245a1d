import type { Operation } from '../../../shared/service.ts';
import { campaignId } from './fields.ts';

export const cancel: Operation = {
	name: 'Cancel',
	value: 'cancel',
	action: 'Cancel a campaign',
	description: 'Stop sending for good',
	fields: [campaignId],
	request: (input) => ({
		method: 'POST',
		path: `/api/campaigns/${input.id('campaignId')}/cancel`,
	}),
};
