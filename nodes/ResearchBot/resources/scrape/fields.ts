import type { INodeProperties } from 'n8n-workflow';

import { idField } from '../../../shared/fields.ts';
import { isObject, textOf } from '../../../shared/problem.ts';
import type { LongJob } from '../../../shared/service.ts';

export const scrapeId = idField('Scrape ID', 'scrapeId', 'ID that the operation Create gave');

/** A custom field: where on the page it is and what it is. */
export const customField: INodeProperties[] = [
	{
		displayName: 'All Matches',
		name: 'all',
		type: 'boolean',
		default: false,
		description: 'Whether to read every match as a list instead of the first one',
	},
	{
		displayName: 'Attribute',
		name: 'attribute',
		type: 'string',
		default: '',
		placeholder: 'e.g. href',
		description: 'Attribute to read. Default: the text.',
	},
	{ displayName: 'Name', name: 'name', type: 'string', default: '', placeholder: 'e.g. warranty' },
	{
		displayName: 'Selector',
		name: 'selector',
		type: 'string',
		default: '',
		placeholder: 'e.g. .specs .warranty',
		description: 'CSS selector',
	},
	{
		displayName: 'Type',
		name: 'type',
		type: 'options',
		default: 'text',
		options: [
			{ name: 'HTML', value: 'html' },
			{ name: 'Number', value: 'number' },
			{ name: 'Price', value: 'price' },
			{ name: 'Text', value: 'text' },
			{ name: 'URL', value: 'url' },
		],
	},
];

/** A scrape fails as a whole only when no page could be read; the pages say why. */
export const scrapeJob: LongJob = {
	noun: 'scrape',
	id: ({ id }) => String(id),
	load: async (id, get) => await get(`/api/v1/scrapes/${encodeURIComponent(id)}`),
	state({ status }) {
		if (status === 'succeeded' || status === 'failed' || status === 'cancelled') return status;
		return 'running';
	},
	failure({ results, error }) {
		const pages = Array.isArray(results) ? results.filter(isObject) : [];
		const told = pages.flatMap(({ url, diagnosis }) => {
			if (!isObject(diagnosis)) return [];
			const { code, detail, advice } = diagnosis;
			const reason = textOf(detail) ?? textOf(code) ?? 'not read';
			const line = `${textOf(url) ?? 'Page'} (${textOf(code) ?? 'failed'}): ${reason} ${textOf(advice) ?? ''}`;
			return [{ reason, line: line.trim() }];
		});
		const failed = isObject(error) ? textOf(error.message) : undefined;
		const reason = told[0]?.reason ?? failed ?? '';
		const advice = told.map(({ line }) => line);
		return { reason, advice: advice.join('\n') || 'Look at the scrape with the operation Get.' };
	},
};
