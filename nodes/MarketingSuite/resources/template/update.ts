import type { Operation } from '../../../shared/service.ts';
import { mjml, subject, templateId, templateName, text } from './fields.ts';

export const update: Operation = {
	name: 'Update',
	value: 'update',
	action: 'Update a template',
	description: 'Change the given fields of a template',
	fields: [
		templateId,
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [mjml, templateName, subject, text],
		},
	],
	request: (input) => ({
		method: 'PATCH',
		path: `/api/templates/${input.id('templateId')}`,
		body: input.changes('updateFields'),
	}),
};
