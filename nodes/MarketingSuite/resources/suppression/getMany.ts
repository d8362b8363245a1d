import type { Operation } from '../../../shared/service.ts';

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many suppressed addresses',
	description: 'Get the addresses that nothing is sent to',
	fields: [],
	reads: true,
	answer: 'pages',
	request: () => ({ method: 'GET', path: '/api/suppressions' }),
};
