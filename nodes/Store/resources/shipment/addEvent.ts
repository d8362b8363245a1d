import type { Operation } from '../../../shared/service.ts';
import { shipmentId } from './fields.ts';

export const addEvent: Operation = {
	name: 'Add Tracking Event',
	value: 'addEvent',
	action: 'Add a tracking event to a shipment',
	description:
		'Tell what the carrier told; the same event is taken once, and late ones undo nothing',
	fields: [
		shipmentId,
		{
			displayName: 'External ID',
			name: 'externalId',
			type: 'string',
			default: '',
			required: true,
			description: 'ID that the carrier gave the event',
		},
		{
			displayName: 'Status',
			name: 'status',
			type: 'options',
			default: 'in_transit',
			options: [
				{ name: 'Created', value: 'created' },
				{ name: 'Delivered', value: 'delivered' },
				{ name: 'Failed', value: 'failed' },
				{ name: 'In Transit', value: 'in_transit' },
				{ name: 'Out for Delivery', value: 'out_for_delivery' },
				{ name: 'Returned', value: 'returned' },
			],
			required: true,
		},
		{
			displayName: 'Occurred At',
			name: 'occurredAt',
			type: 'dateTime',
			default: '',
			required: true,
			description: 'When it happened',
		},
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [
				{ displayName: 'Description', name: 'description', type: 'string', default: '' },
				{ displayName: 'Location', name: 'location', type: 'string', default: '' },
			],
		},
	],
	request: (input) => ({
		method: 'POST',
		path: `/api/v1/shipments/${input.id('shipmentId')}/events`,
		body: {
			...input.texts('externalId', 'status', 'occurredAt'),
			...input.fields('additionalFields'),
		},
	}),
};
