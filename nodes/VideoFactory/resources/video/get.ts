import type { Operation } from '../../../shared/service.ts';
import { taskId } from './fields.ts';

export const get: Operation = {
	name: 'Get Status',
	value: 'get',
	action: 'Get the status of a video',
	description: 'Get step, progress and, when finished, links and facts of a video',
	fields: [taskId],
	reads: true,
	request: (input) => ({ method: 'GET', path: `/api/v1/video/status/${input.id('taskId')}` }),
};
