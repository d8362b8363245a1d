import type { Operation } from '../../../shared/service.ts';
import { scrapeId } from './fields.ts';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get a scrape',
	description: 'Get the state and the results of a scrape',
	fields: [scrapeId],
	reads: true,
	request: (input) => ({ method: 'GET', path: `/api/v1/scrapes/${input.id('scrapeId')}` }),
};
