import type { IDataObject } from 'n8n-workflow';

import type { ItemInput } from '../../../shared/input.ts';
import type { Operation } from '../../../shared/service.ts';
import { captionsField, musicField, productFacts, videoJob, voiceField } from './fields.ts';

function subjectOf(input: ItemInput): IDataObject {
	if (input.text('subject') === 'topic') return { topic: input.text('topic') };
	return { product: { title: input.text('productTitle'), ...input.fields('productFields') } };
}

/** "Without ..." switches travel as null, which the service takes for "none". */
function soundOf(input: ItemInput): IDataObject {
	const { withoutVoice, withoutMusic, withoutCaptions, ...rest } = input.fields('additionalFields');
	return {
		...rest,
		...(withoutVoice === true ? { voice: null } : {}),
		...(withoutMusic === true ? { music: null } : {}),
		...(withoutCaptions === true ? { captions: null } : {}),
	};
}

export const generate: Operation = {
	name: 'Generate',
	value: 'generate',
	action: 'Generate a video',
	description: 'Write the script, speak it and render a video with captions and music',
	fields: [
		{
			displayName: 'Subject',
			name: 'subject',
			type: 'options',
			noDataExpression: true,
			default: 'product',
			options: [
				{ name: 'Product', value: 'product' },
				{ name: 'Topic', value: 'topic' },
			],
		},
		{
			displayName: 'Product Title',
			name: 'productTitle',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. Solar lantern',
			displayOptions: { show: { subject: ['product'] } },
		},
		{
			displayName: 'Product Fields',
			name: 'productFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			description: 'Facts of the product that the script may use',
			displayOptions: { show: { subject: ['product'] } },
			options: productFacts,
		},
		{
			displayName: 'Topic',
			name: 'topic',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. Five ways to save power in winter',
			displayOptions: { show: { subject: ['topic'] } },
		},
		{
			displayName: 'Aspect',
			name: 'aspect',
			type: 'options',
			default: '9:16',
			options: [
				{ name: 'Landscape (16:9)', value: '16:9' },
				{ name: 'Portrait (9:16)', value: '9:16' },
				{ name: 'Square (1:1)', value: '1:1' },
			],
		},
		{
			displayName: 'Images',
			name: 'images',
			type: 'string',
			typeOptions: { commaSeparated: true },
			default: '',
			placeholder: 'e.g. https://shop.example/lantern.jpg',
			description:
				'URLs of images to show. Without any, moving backgrounds are generated. Comma-separated, or an expression that gives a list.',
		},
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [
				captionsField,
				{
					displayName: 'Duration (Seconds)',
					name: 'durationSeconds',
					type: 'number',
					default: 28,
					typeOptions: { minValue: 10 },
					description: 'Length to aim at, 10 to 60 seconds',
				},
				{
					displayName: 'Language',
					name: 'language',
					type: 'string',
					default: 'en',
					description: 'Language of script and voice, two letters',
				},
				musicField,
				{
					displayName: 'Script',
					name: 'script',
					type: 'string',
					typeOptions: { rows: 6 },
					default: '',
					description: 'Text to speak, word by word. Default: written from the facts.',
				},
				voiceField,
				{
					displayName: 'Without Captions',
					name: 'withoutCaptions',
					type: 'boolean',
					default: true,
					description: 'Whether to leave out the captions',
				},
				{
					displayName: 'Without Music',
					name: 'withoutMusic',
					type: 'boolean',
					default: true,
					description: 'Whether to leave out the music',
				},
				{
					displayName: 'Without Voice',
					name: 'withoutVoice',
					type: 'boolean',
					default: true,
					description: 'Whether to leave out the voice',
				},
			],
		},
	],
	job: videoJob,
	request: (input) => ({
		method: 'POST',
		path: '/api/v1/video/generate',
		body: {
			...subjectOf(input),
			aspect: input.text('aspect'),
			images: input.list('images'),
			...soundOf(input),
		},
	}),
};
