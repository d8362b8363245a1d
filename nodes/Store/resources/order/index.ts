import type { Resource } from '../../../shared/service.ts';
import { addNote } from './addNote.ts';
import { cancel } from './cancel.ts';
import { complete } from './complete.ts';
import { create } from './create.ts';
import { fulfil } from './fulfil.ts';
import { get } from './get.ts';
import { getHistory } from './getHistory.ts';
import { getMany } from './getMany.ts';
import { openCheckout } from './openCheckout.ts';
import { update } from './update.ts';
import { waitUntilDelivered } from './waitUntilDelivered.ts';
import { waitUntilShipped } from './waitUntilShipped.ts';

export const order: Resource = {
	name: 'Order',
	value: 'order',
	operations: [
		create,
		get,
		getMany,
		update,
		cancel,
		fulfil,
		complete,
		addNote,
		getHistory,
		openCheckout,
		waitUntilShipped,
		waitUntilDelivered,
	],
};
