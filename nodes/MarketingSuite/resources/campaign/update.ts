import type { Operation } from '../../../shared/service.ts';
import { campaignFields, campaignId, campaignName, listIds, senderOf } from './fields.ts';

export const update: Operation = {
	name: 'Update',
	value: 'update',
	action: 'Update a campaign',
	description: 'Change a campaign that is still a draft',
	fields: [
		campaignId,
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [...campaignFields, listIds, campaignName],
		},
	],
	request: (input) => ({
		method: 'PATCH',
		path: `/api/campaigns/${input.id('campaignId')}`,
		body: senderOf(input.changes('updateFields')),
	}),
};
