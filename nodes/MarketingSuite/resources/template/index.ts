import type { Resource } from '../../../shared/service.ts';
import { create } from './create.ts';
import { get } from './get.ts';
import { getMany } from './getMany.ts';
import { preview } from './preview.ts';
import { remove } from './remove.ts';
import { update } from './update.ts';

export const template: Resource = {
	name: 'Template',
	value: 'template',
	operations: [create, get, getMany, update, preview, remove],
};
