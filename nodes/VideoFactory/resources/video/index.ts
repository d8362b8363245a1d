import type { Resource } from '../../../shared/service.ts';
import { cancel } from './cancel.ts';
import { download } from './download.ts';
import { generate } from './generate.ts';
import { get } from './get.ts';
import { getMany } from './getMany.ts';
import { remove } from './remove.ts';

export const video: Resource = {
	name: 'Video',
	value: 'video',
	operations: [generate, get, download, getMany, cancel, remove],
};
