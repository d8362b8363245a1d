import type { Resource } from '../../../shared/service.ts';
import { create } from './create.ts';
import { getAssets } from './getAssets.ts';
import { getMany } from './getMany.ts';

export const download: Resource = {
	name: 'Download',
	value: 'download',
	operations: [create, getMany, getAssets],
};
