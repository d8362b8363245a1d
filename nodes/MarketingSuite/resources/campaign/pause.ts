import type { Operation } from '../../../shared/service.ts';
import { campaignId } from './fields.ts';

export const pause: Operation = {
	name: 'Pause',
	value: 'pause',
	action: 'Pause a campaign',
	description: 'Stop sending for now; who has not got the e-mail waits',
	fields: [campaignId],
	request: (input) => ({
		method: 'POST',
		path: `/api/campaigns/${input.id('campaignId')}/pause`,
	}),
};
