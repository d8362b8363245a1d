import type { Operation } from '../../../shared/service.ts';
import { templateId } from './fields.ts';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get a template',
	description: 'Get a template by ID',
	fields: [templateId],
	reads: true,
	request: (input) => ({ method: 'GET', path: `/api/templates/${input.id('templateId')}` }),
};
