import type { Operation } from '../../../shared/service.ts';

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many voices',
	description: 'Get the voices a video can be spoken with',
	fields: [],
	reads: true,
	answer: 'list',
	request: () => ({ method: 'GET', path: '/api/v1/video/voices' }),
};
