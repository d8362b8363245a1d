import type { Operation } from '../../../shared/service.ts';

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many voices',
	description: 'Get the voices a video can be spoken with',
	fields: [
		{
			displayName: 'Language',
			name: 'language',
			type: 'string',
			default: '',
			placeholder: 'e.g. en',
			description: 'Only voices of this language. Default: all.',
		},
	],
	reads: true,
	answer: 'list',
	request: (input) => ({
		method: 'GET',
		path: '/api/v1/video/voices',
		query: input.texts('language'),
	}),
};
