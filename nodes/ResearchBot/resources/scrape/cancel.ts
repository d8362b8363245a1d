import type { Operation } from '../../../shared/service.ts';
import { scrapeId } from './fields.ts';

export const cancel: Operation = {
	name: 'Cancel',
	value: 'cancel',
	action: 'Cancel a scrape',
	description: 'Stop a scrape; pages that were read are kept',
	fields: [scrapeId],
	request: (input) => ({ method: 'POST', path: `/api/v1/scrapes/${input.id('scrapeId')}/cancel` }),
};
