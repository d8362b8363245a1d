import type { Resource } from '../../../shared/service.ts';
import { cancel } from './cancel.ts';
import { checkAudience } from './checkAudience.ts';
import { create } from './create.ts';
import { get } from './get.ts';
import { getAnalytics } from './getAnalytics.ts';
import { getMany } from './getMany.ts';
import { getRecipients } from './getRecipients.ts';
import { pause } from './pause.ts';
import { remove } from './remove.ts';
import { resume } from './resume.ts';
import { send } from './send.ts';
import { sendTest } from './sendTest.ts';
import { update } from './update.ts';

export const campaign: Resource = {
	name: 'Campaign',
	value: 'campaign',
	operations: [
		create,
		get,
		getMany,
		update,
		send,
		checkAudience,
		sendTest,
		pause,
		resume,
		cancel,
		getAnalytics,
		getRecipients,
		remove,
	],
};
