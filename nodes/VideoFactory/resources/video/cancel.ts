import type { Operation } from '../../../shared/service.ts';
import { taskId } from './fields.ts';

export const cancel: Operation = {
	name: 'Cancel',
	value: 'cancel',
	action: 'Cancel a video',
	description: 'Stop rendering a video',
	fields: [taskId],
	request: (input) => ({ method: 'POST', path: `/api/v1/video/cancel/${input.id('taskId')}` }),
};
