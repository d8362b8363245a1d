import type { Operation } from '../../../shared/service.ts';
import { customField, scrapeJob } from './fields.ts';

export const create: Operation = {
	name: 'Create',
	value: 'create',
	action: 'Scrape web pages',
	description: 'Read products, reviews or own fields from up to 100 web pages',
	fields: [
		{
			displayName: 'URLs',
			name: 'urls',
			type: 'string',
			typeOptions: { commaSeparated: true },
			default: '',
			required: true,
			placeholder: 'e.g. https://shop.example/lantern',
			description: 'Pages to read. Comma-separated, or an expression that gives a list.',
		},
		{
			displayName: 'Extract',
			name: 'extract',
			type: 'options',
			default: 'product',
			options: [
				{
					name: 'Product',
					value: 'product',
					description: 'Name, price, availability, rating, number of reviews and image',
				},
				{ name: 'Reviews', value: 'reviews', description: 'Reviews with rating, author and date' },
			],
		},
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [
				{
					displayName: 'Custom Fields',
					name: 'fields',
					type: 'fixedCollection',
					typeOptions: { multipleValues: true, sortable: true },
					default: {},
					placeholder: 'Add custom field',
					description: 'Further facts, found by CSS selector',
					options: [{ displayName: 'Field', name: 'items', values: customField }],
				},
				{
					displayName: 'Locale',
					name: 'locale',
					type: 'string',
					default: '',
					placeholder: 'e.g. en-GB',
					description: 'Language and country the pages are asked in',
				},
				{
					displayName: 'Maximum Reviews',
					name: 'maxReviews',
					type: 'number',
					default: 50,
					typeOptions: { minValue: 1 },
				},
				{
					displayName: 'Render',
					name: 'render',
					type: 'options',
					default: 'auto',
					options: [
						{
							name: 'Automatic',
							value: 'auto',
							description: 'Plain HTTP first, a browser where the page needs it',
						},
						{ name: 'Browser', value: 'browser', description: 'Always in a browser; slower' },
						{ name: 'HTTP', value: 'http', description: 'Never in a browser; fastest' },
					],
				},
				{
					displayName: 'Respect Robots.txt',
					name: 'respectRobots',
					type: 'boolean',
					default: true,
					description: 'Whether to leave out pages that the site does not want to be read',
				},
				{
					displayName: 'Screenshot',
					name: 'screenshot',
					type: 'boolean',
					default: false,
					description: 'Whether to take a picture of each page',
				},
			],
		},
	],
	job: scrapeJob,
	request: (input) => ({
		method: 'POST',
		path: '/api/v1/scrapes',
		body: {
			urls: input.list('urls'),
			extract: input.text('extract'),
			...input.fields('additionalFields'),
		},
	}),
};
