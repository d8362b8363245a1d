import type { Resource } from '../../../shared/service.ts';
import { addMedia } from './addMedia.ts';
import { archive } from './archive.ts';
import { create } from './create.ts';
import { get } from './get.ts';
import { getMany } from './getMany.ts';
import { publish } from './publish.ts';
import { remove } from './remove.ts';
import { update } from './update.ts';

export const product: Resource = {
	name: 'Product',
	value: 'product',
	operations: [create, get, getMany, update, publish, archive, addMedia, remove],
};
