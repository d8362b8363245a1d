import type { Operation } from '../../../shared/service.ts';
import { licenseId } from './fields.ts';

export const renew: Operation = {
	name: 'Renew',
	value: 'renew',
	action: 'Renew a license',
	description: 'Let a license run longer',
	fields: [
		licenseId,
		{
			displayName: 'Days',
			name: 'days',
			type: 'number',
			default: 365,
			typeOptions: { minValue: 1 },
			description: 'How many days it runs longer',
		},
	],
	request: (input) => ({
		method: 'POST',
		path: `/api/v1/licenses/${input.id('licenseId')}/renew`,
		body: { days: input.number('days') },
	}),
};
