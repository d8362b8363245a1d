import type { Operation } from '../../../shared/service.ts';
import { campaignId } from './fields.ts';

export const remove: Operation = {
	name: 'Delete',
	value: 'delete',
	action: 'Delete a campaign',
	description: 'Delete a campaign',
	fields: [campaignId],
	request: (input) => ({ method: 'DELETE', path: `/api/campaigns/${input.id('campaignId')}` }),
};
