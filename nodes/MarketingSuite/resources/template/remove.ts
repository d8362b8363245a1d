import type { Operation } from '../../../shared/service.ts';
import { templateId } from './fields.ts';

export const remove: Operation = {
	name: 'Delete',
	value: 'delete',
	action: 'Delete a template',
	description: 'Delete a template; campaigns that were sent stay',
	fields: [templateId],
	request: (input) => ({ method: 'DELETE', path: `/api/templates/${input.id('templateId')}` }),
};
