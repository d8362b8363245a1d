import type { Operation } from '../../../shared/service.ts';
import { campaignId } from './fields.ts';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get a campaign',
	description: 'Get a campaign by ID',
	fields: [campaignId],
	reads: true,
	request: (input) => ({ method: 'GET', path: `/api/campaigns/${input.id('campaignId')}` }),
};
