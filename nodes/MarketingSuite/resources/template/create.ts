import type { Operation } from '../../../shared/service.ts';
import { mjml, subject, templateName, text } from './fields.ts';

export const create: Operation = {
	name: 'Create',
	value: 'create',
	action: 'Create a template',
	description: 'Create an e-mail template',
	fields: [
		{ ...templateName, required: true },
		{ ...subject, required: true },
		{ ...mjml, required: true },
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [text],
		},
	],
	request: (input) => ({
		method: 'POST',
		path: '/api/templates',
		body: {
			name: input.text('name'),
			subject: input.text('subject'),
			mjml: input.text('mjml'),
			...input.fields('additionalFields'),
		},
	}),
};
