import { binaryOutput } from '../../../shared/fields.ts';
import type { Operation } from '../../../shared/service.ts';
import { taskId } from './fields.ts';

export const download: Operation = {
	name: 'Download',
	value: 'download',
	action: 'Download a video',
	description: 'Download the video, its poster image or its subtitles as a file',
	fields: [
		taskId,
		{
			displayName: 'File',
			name: 'file',
			type: 'options',
			default: 'video',
			options: [
				{ name: 'Poster', value: 'poster' },
				{ name: 'Subtitles', value: 'subtitles' },
				{ name: 'Video', value: 'video' },
			],
		},
		binaryOutput,
	],
	reads: true,
	answer: 'file',
	request: (input) => ({
		method: 'GET',
		path: `/api/v1/video/download/${input.id('taskId')}`,
		query: { file: input.text('file') },
	}),
};
