import type { INodeProperties } from 'n8n-workflow';

import { locator } from '../../../shared/fields.ts';

export const templateId: INodeProperties = locator({
	label: 'Template',
	name: 'templateId',
	search: 'searchTemplates',
	description: 'The template to use',
});

export const templateName: INodeProperties = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	placeholder: 'e.g. Product launch',
};

export const subject: INodeProperties = {
	displayName: 'Subject',
	name: 'subject',
	type: 'string',
	default: '',
	placeholder: 'e.g. New: {{ data.product.title }}',
	description: 'Subject line, may contain Liquid',
};

export const mjml: INodeProperties = {
	displayName: 'MJML',
	name: 'mjml',
	type: 'string',
	typeOptions: { editor: 'htmlEditor', rows: 10 },
	default: '',
	description: 'The e-mail in MJML with Liquid: contact, data and unsubscribeUrl are available',
};

export const text: INodeProperties = {
	displayName: 'Text',
	name: 'text',
	type: 'string',
	typeOptions: { rows: 6 },
	default: '',
	description: 'Plain text of the e-mail. Default: made of the MJML.',
};
