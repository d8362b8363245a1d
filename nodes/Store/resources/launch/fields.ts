import type { INodeProperties } from 'n8n-workflow';

export const step: INodeProperties = {
	displayName: 'Step',
	name: 'step',
	type: 'string',
	default: '',
	placeholder: 'e.g. video',
	description: 'How far the launch is, in your own words',
};

export const quietMinutes: INodeProperties = {
	displayName: 'Quiet For (Minutes)',
	name: 'quietMinutes',
	type: 'number',
	default: 0,
	typeOptions: { minValue: 0 },
	description:
		'For how long nothing may be heard of the launch, as while a video is made. After that it counts as lost.',
};

export const state: INodeProperties = {
	displayName: 'State',
	name: 'state',
	type: 'options',
	default: 'running',
	options: [
		{ name: 'Failed', value: 'failed' },
		{ name: 'Running', value: 'running' },
		{ name: 'Succeeded', value: 'succeeded' },
	],
};
