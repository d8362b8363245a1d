import type { INodeProperties } from 'n8n-workflow';

import { idField } from '../../../shared/fields.ts';
import { isObject, textOf } from '../../../shared/problem.ts';
import type { LongJob } from '../../../shared/service.ts';

export const orderId = idField('Order ID', 'orderId', 'ID of the order');

export const orderIdOrNumber: INodeProperties = {
	...orderId,
	displayName: 'Order ID or Number',
	description: 'ID of the order, or its number such as A-100001',
};

const addressValues: INodeProperties[] = [
	{ displayName: 'City', name: 'city', type: 'string', default: '' },
	{ displayName: 'Company', name: 'company', type: 'string', default: '' },
	{
		displayName: 'Country Code',
		name: 'country',
		type: 'string',
		default: '',
		placeholder: 'e.g. DE',
		description: 'Two letters (ISO 3166-1)',
	},
	{ displayName: 'Line 1', name: 'line1', type: 'string', default: '' },
	{ displayName: 'Line 2', name: 'line2', type: 'string', default: '' },
	{ displayName: 'Name', name: 'name', type: 'string', default: '' },
	{ displayName: 'Phone', name: 'phone', type: 'string', default: '' },
	{ displayName: 'Postal Code', name: 'postalCode', type: 'string', default: '' },
	{
		displayName: 'Region',
		name: 'region',
		type: 'string',
		default: '',
		placeholder: 'e.g. CA',
		description: 'State or province',
	},
];

function addressField(displayName: string, name: string): INodeProperties {
	return {
		displayName,
		name,
		type: 'fixedCollection',
		default: {},
		placeholder: 'Set address',
		options: [{ displayName: 'Address', name: 'value', values: addressValues }],
	};
}

export const billingAddress = addressField('Billing Address', 'billingAddress');
export const shippingAddress = addressField('Shipping Address', 'shippingAddress');

export const shippingOptionId: INodeProperties = {
	displayName: 'Shipping Option ID',
	name: 'shippingOptionId',
	type: 'string',
	default: '',
};

export const metadata: INodeProperties = {
	displayName: 'Metadata',
	name: 'metadata',
	type: 'json',
	default: '{}',
	description: 'Any further facts as a JSON object',
};

const ENDED = ['cancelled', 'expired', 'refunded', 'partially_refunded', 'stock_failed'];
const REACHED = { shipped: ['shipped', 'delivered'], delivered: ['delivered'] };

/** An order that is waited for, for days perhaps: it ends when it is shipped, or delivered. */
export function orderJob(until: keyof typeof REACHED): LongJob {
	return {
		noun: 'order',
		event: 'order.reached',
		id: ({ id }) => String(id),
		load: async (id, get) => await get(`/api/v1/orders/${encodeURIComponent(id)}`),
		state({ status, shipments }) {
			if (REACHED[until].includes(String(status))) return 'succeeded';
			if (ENDED.includes(String(status))) return 'cancelled';
			return isLost(shipments) ? 'failed' : 'running';
		},
		failure: ({ number, status }) => ({
			reason: `${textOf(number) ?? 'It'} is ${textOf(status) ?? 'unknown'}`,
			advice:
				'Look at the order and its shipments in the store; the node can continue on error to handle this in the flow.',
		}),
	};
}

/** Parcels that came back or got lost are never delivered: who waits for them has to hear it. */
function isLost(shipments: unknown): boolean {
	const states = Array.isArray(shipments)
		? shipments.filter(isObject).map(({ status }) => String(status))
		: [];
	return (
		states.some((state) => state === 'failed' || state === 'returned') &&
		states.every((state) => ['failed', 'returned', 'delivered'].includes(state))
	);
}
