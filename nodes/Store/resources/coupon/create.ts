import type { Operation } from '../../../shared/service.ts';
import { couponDuration, couponLimits } from './fields.ts';

export const create: Operation = {
	name: 'Create',
	value: 'create',
	action: 'Create a coupon',
	description: 'Create a coupon of a percentage or a fixed amount',
	fields: [
		{
			displayName: 'Code',
			name: 'code',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. WELCOME10',
		},
		{
			displayName: 'Kind',
			name: 'kind',
			type: 'options',
			default: 'percent',
			options: [
				{ name: 'Fixed Amount', value: 'fixed' },
				{ name: 'Percentage', value: 'percent' },
			],
		},
		{
			displayName: 'Percent',
			name: 'percent',
			type: 'number',
			default: 10,
			typeOptions: { minValue: 0.01, maxValue: 100, numberPrecision: 2 },
			displayOptions: { show: { kind: ['percent'] } },
			description: 'What is taken off, in percent',
		},
		{
			displayName: 'Amount (Minor Units)',
			name: 'amount',
			type: 'number',
			default: 500,
			typeOptions: { minValue: 1 },
			displayOptions: { show: { kind: ['fixed'] } },
			description: 'What is taken off, e.g. 500 for 5.00',
		},
		{
			displayName: 'Currency',
			name: 'currency',
			type: 'string',
			default: 'EUR',
			displayOptions: { show: { kind: ['fixed'] } },
		},
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [couponDuration, ...couponLimits],
		},
	],
	request: (input) => ({
		method: 'POST',
		path: '/api/v1/coupons',
		body: {
			...input.texts('code', 'kind'),
			...(input.text('kind') === 'percent'
				? { basisPoints: Math.round(input.number('percent') * 100) }
				: { amount: { amount: input.number('amount'), currency: input.text('currency') } }),
			...input.fields('additionalFields'),
		},
	}),
};
