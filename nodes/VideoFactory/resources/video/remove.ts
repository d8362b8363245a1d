import type { Operation } from '../../../shared/service.ts';
import { taskId } from './fields.ts';

export const remove: Operation = {
	name: 'Delete',
	value: 'delete',
	action: 'Delete a video',
	description: 'Delete a video and its files',
	fields: [taskId],
	request: (input) => ({ method: 'DELETE', path: `/api/v1/video/${input.id('taskId')}` }),
};
