import { binaryInput } from '../../../shared/fields.ts';
import type { Operation } from '../../../shared/service.ts';

export const upload: Operation = {
	name: 'Upload',
	value: 'upload',
	action: 'Upload an image',
	description: 'Upload an image and get the URL to use it in a video',
	fields: [binaryInput],
	request: async (input) => ({
		method: 'POST',
		path: '/api/v1/video/images',
		body: await input.file('binaryPropertyName'),
	}),
};
