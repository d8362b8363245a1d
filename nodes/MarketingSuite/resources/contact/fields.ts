import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { idField } from '../../../shared/fields.ts';
import type { ItemInput } from '../../../shared/input.ts';

export const contactId = idField('Contact ID', 'contactId', 'ID of the contact');

export const email: INodeProperties = {
	displayName: 'Email',
	name: 'email',
	type: 'string',
	default: '',
	placeholder: 'name@email.com',
};

export const contactFields: INodeProperties[] = [
	{
		displayName: 'Attributes',
		name: 'attributes',
		type: 'json',
		default: '{}',
		description: 'Any further facts as a JSON object, available in templates',
	},
	{
		displayName: 'List Names or IDs',
		name: 'lists',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getLists' },
		default: [],
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
	},
	{ displayName: 'Name', name: 'name', type: 'string', default: '' },
];

const consentAt: INodeProperties = {
	displayName: 'Given At',
	name: 'at',
	type: 'dateTime',
	default: '',
	description: 'When the person agreed. Default: now.',
};

const consentIp: INodeProperties = {
	displayName: 'IP Address',
	name: 'ip',
	type: 'string',
	default: '',
	description: 'Address the consent came from',
};

/** Where and when people agreed; without it the marketing suite takes nobody. */
export const consentFields: INodeProperties[] = [
	{
		displayName: 'Consent Source',
		name: 'consentSource',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. checkout form',
		description: 'Where the person agreed to get e-mails',
	},
	{
		displayName: 'Consent Details',
		name: 'consent',
		type: 'collection',
		placeholder: 'Add detail',
		default: {},
		options: [consentAt, consentIp],
	},
];

/** A later consent, which also takes back an unsubscription. */
export const newConsent: INodeProperties[] = [
	{
		displayName: 'Consent',
		name: 'consent',
		type: 'fixedCollection',
		default: {},
		placeholder: 'Set consent',
		description: 'Where and when the person agreed anew',
		options: [
			{
				displayName: 'Consent',
				name: 'value',
				values: [
					consentAt,
					consentIp,
					{
						displayName: 'Source',
						name: 'source',
						type: 'string',
						default: '',
						placeholder: 'e.g. checkout form',
					},
				],
			},
		],
	},
	{
		displayName: 'Status',
		name: 'status',
		type: 'options',
		default: 'subscribed',
		description: 'Takes back an unsubscription; needs a new consent',
		options: [{ name: 'Subscribed', value: 'subscribed' }],
	},
];

export function consentOf(input: ItemInput): IDataObject {
	return { source: input.text('consentSource'), ...input.fields('consent') };
}
