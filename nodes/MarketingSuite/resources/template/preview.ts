import type { Operation } from '../../../shared/service.ts';
import { templateId } from './fields.ts';

export const preview: Operation = {
	name: 'Preview',
	value: 'preview',
	action: 'Preview a template',
	description: 'Render a template with data, as subject, HTML and text',
	fields: [
		templateId,
		{
			displayName: 'Data',
			name: 'data',
			type: 'json',
			default: '{}',
			description: 'What the template finds as data',
		},
	],
	reads: true,
	request: (input) => ({
		method: 'POST',
		path: `/api/templates/${input.id('templateId')}/preview`,
		body: { data: input.jsonObject('data') },
	}),
};
