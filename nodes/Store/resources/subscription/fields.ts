import { idField } from '../../../shared/fields.ts';

export const subscriptionId = idField(
	'Subscription ID',
	'subscriptionId',
	'ID of the subscription',
);
