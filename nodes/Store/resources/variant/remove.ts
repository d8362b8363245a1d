import type { Operation } from '../../../shared/service.ts';
import { variantId } from './fields.ts';

export const remove: Operation = {
	name: 'Delete',
	value: 'delete',
	action: 'Delete a variant',
	description: 'Remove a variant from its product',
	fields: [variantId],
	request: (input) => ({ method: 'DELETE', path: `/api/v1/variants/${input.id('variantId')}` }),
};
