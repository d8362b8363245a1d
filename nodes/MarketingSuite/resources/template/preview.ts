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
		{
			displayName: 'Contact',
			name: 'contact',
			type: 'json',
			default: '{"email": "ada@example.com", "name": "Ada"}',
			description: 'What the template finds as contact: email, name and attributes',
		},
	],
	reads: true,
	request: (input) => ({
		method: 'POST',
		path: `/api/templates/${input.id('templateId')}/preview`,
		body: { data: input.jsonObject('data'), contact: input.jsonObject('contact') },
	}),
};
