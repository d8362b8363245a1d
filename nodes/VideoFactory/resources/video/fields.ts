import type { INodeProperties } from 'n8n-workflow';

import { idField } from '../../../shared/fields.ts';
import { isObject, textOf } from '../../../shared/problem.ts';
import type { LongJob } from '../../../shared/service.ts';

export const taskId = idField('Task ID', 'taskId', 'ID that the operation Generate gave');

export const videoJob: LongJob = {
	noun: 'video',
	id: (answer) => String(answer.task_id),
	load: async (id, get) => await get(`/api/v1/video/status/${encodeURIComponent(id)}`),
	state({ status }) {
		if (status === 'succeeded' || status === 'failed' || status === 'cancelled') return status;
		return 'running';
	},
	failure({ error }) {
		const told = isObject(error) ? error : {};
		return {
			reason: textOf(told.message) ?? textOf(error) ?? '',
			advice:
				textOf(told.advice) ??
				'Correct the script, the images or the voice and generate the video again.',
		};
	},
};

/** Facts of the product that the script is made of; the title stands alone. */
export const productFacts: INodeProperties[] = [
	{ displayName: 'Brand', name: 'brand', type: 'string', default: '' },
	{
		displayName: 'Description',
		name: 'description',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
	},
	{
		displayName: 'Features',
		name: 'features',
		type: 'string',
		typeOptions: { commaSeparated: true },
		default: '',
		description:
			'What the product can do, one feature each. Comma-separated, or an expression that gives a list.',
	},
	{
		displayName: 'Price',
		name: 'price',
		type: 'json',
		default: '{"amount": 4999, "currency": "EUR"}',
		description: 'Price in minor units with its currency, as the store gives it',
	},
	{
		displayName: 'URL',
		name: 'url',
		type: 'string',
		default: '',
		description: 'Page of the product, shown at the end of the video',
	},
];

export const voiceField: INodeProperties = {
	displayName: 'Voice',
	name: 'voice',
	type: 'fixedCollection',
	default: {},
	placeholder: 'Set voice',
	options: [
		{
			displayName: 'Voice',
			name: 'value',
			values: [
				{
					displayName: 'Pitch',
					name: 'pitch',
					type: 'number',
					default: 50,
					description: 'Higher is brighter; 50 is the voice as it is',
				},
				{
					displayName: 'Rate (Words per Minute)',
					name: 'rate',
					type: 'number',
					default: 160,
				},
				{
					displayName: 'Voice Name or ID',
					name: 'id',
					type: 'options',
					typeOptions: { loadOptionsMethod: 'getVoices' },
					default: '',
					description:
						'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
				},
			],
		},
	],
};

export const musicField: INodeProperties = {
	displayName: 'Music',
	name: 'music',
	type: 'fixedCollection',
	default: {},
	placeholder: 'Set music',
	options: [
		{
			displayName: 'Music',
			name: 'value',
			values: [
				{
					displayName: 'Mood',
					name: 'mood',
					type: 'options',
					default: 'bright',
					options: [
						{ name: 'Bright', value: 'bright' },
						{ name: 'Calm', value: 'calm' },
						{ name: 'Driving', value: 'driving' },
					],
				},
				{
					displayName: 'Volume',
					name: 'volume',
					type: 'number',
					default: 0.25,
					typeOptions: { minValue: 0, numberPrecision: 2 },
					description: 'Loudness between 0 and 1',
				},
			],
		},
	],
};

export const captionsField: INodeProperties = {
	displayName: 'Captions',
	name: 'captions',
	type: 'fixedCollection',
	default: {},
	placeholder: 'Set captions',
	options: [
		{
			displayName: 'Captions',
			name: 'value',
			values: [
				{
					displayName: 'Position',
					name: 'position',
					type: 'options',
					default: 'bottom',
					options: [
						{ name: 'Bottom', value: 'bottom' },
						{ name: 'Middle', value: 'middle' },
					],
				},
				{
					displayName: 'Style',
					name: 'style',
					type: 'options',
					default: 'bold',
					options: [
						{ name: 'Bold', value: 'bold' },
						{ name: 'Boxed', value: 'boxed' },
						{ name: 'Clean', value: 'clean' },
					],
				},
			],
		},
	],
};
