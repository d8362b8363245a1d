import type { Operation } from '../../../shared/service.ts';
import { mjml, templateId } from '../template/fields.ts';
import { campaignFields, campaignName, listIds, senderOf } from './fields.ts';

export const create: Operation = {
	name: 'Create',
	value: 'create',
	action: 'Create a campaign',
	description: 'Create a campaign as a draft',
	fields: [
		{ ...campaignName, required: true },
		{ ...listIds, required: true },
		{
			displayName: 'Content',
			name: 'content',
			type: 'options',
			noDataExpression: true,
			default: 'template',
			options: [
				{ name: 'MJML', value: 'mjml' },
				{ name: 'Template', value: 'template' },
			],
		},
		{ ...templateId, displayOptions: { show: { content: ['template'] } } },
		{ ...mjml, required: true, displayOptions: { show: { content: ['mjml'] } } },
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [
				...campaignFields,
				{
					displayName: 'Send Once Key',
					name: 'sendOnceKey',
					type: 'string',
					default: '',
					placeholder: 'e.g. launch-solar-lantern',
					description:
						'A second campaign with this key is not created: the first one is given back, so nobody gets the e-mail twice',
				},
			],
		},
	],
	request: (input) => ({
		method: 'POST',
		path: '/api/campaigns',
		body: {
			name: input.text('name'),
			lists: input.list('lists'),
			...(input.text('content') === 'mjml'
				? { mjml: input.text('mjml') }
				: { templateId: input.value('templateId') }),
			...senderOf(input.fields('additionalFields')),
		},
	}),
};
