import { binaryOutput } from '../../../shared/fields.ts';
import type { Operation } from '../../../shared/service.ts';
import { scrapeId } from './fields.ts';

export const getScreenshot: Operation = {
	name: 'Get Screenshot',
	value: 'getScreenshot',
	action: 'Get the screenshot of a page',
	description: 'Download the picture of one scraped page',
	fields: [
		scrapeId,
		{
			displayName: 'Page Number',
			name: 'resultIndex',
			type: 'number',
			default: 0,
			typeOptions: { minValue: 0 },
			description: 'Position of the page in the results, starting at 0',
		},
		binaryOutput,
	],
	reads: true,
	answer: 'file',
	request: (input) => ({
		method: 'GET',
		path: `/api/v1/scrapes/${input.id('scrapeId')}/results/${input.number('resultIndex')}/screenshot`,
	}),
};
