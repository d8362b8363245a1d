import type { Resource } from '../../../shared/service.ts';
import { cancel } from './cancel.ts';
import { create } from './create.ts';
import { get } from './get.ts';
import { getMany } from './getMany.ts';
import { getScreenshot } from './getScreenshot.ts';

export const scrape: Resource = {
	name: 'Scrape',
	value: 'scrape',
	operations: [create, get, getMany, cancel, getScreenshot],
};
