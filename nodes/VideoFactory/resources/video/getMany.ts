import type { Operation } from '../../../shared/service.ts';

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many videos',
	description: 'Get videos, newest first',
	fields: [],
	reads: true,
	answer: 'pages',
	request: () => ({ method: 'GET', path: '/api/v1/video/tasks' }),
};
