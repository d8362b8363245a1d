import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { locator } from '../../../shared/fields.ts';
import { textOf } from '../../../shared/problem.ts';
import type { LongJob } from '../../../shared/service.ts';

export const campaignId: INodeProperties = locator({
	label: 'Campaign',
	name: 'campaignId',
	search: 'searchCampaigns',
	description: 'The campaign to work on',
});

export const campaignName: INodeProperties = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	placeholder: 'e.g. Launch of the solar lantern',
};

export const listIds: INodeProperties = {
	displayName: 'List Names or IDs',
	name: 'lists',
	type: 'multiOptions',
	typeOptions: { loadOptionsMethod: 'getLists' },
	default: [],
	description:
		'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
};

/** Optional fields that create and update have in common. */
export const campaignFields: INodeProperties[] = [
	{
		displayName: 'Data',
		name: 'data',
		type: 'json',
		default: '{}',
		description: 'What the template finds as data, e.g. the product',
	},
	{
		displayName: 'From Email',
		name: 'fromEmail',
		type: 'string',
		default: '',
		placeholder: 'e.g. hello@shop.example',
		description: 'Address of the sender. Default: the one the marketing suite is set up with.',
	},
	{ displayName: 'From Name', name: 'fromName', type: 'string', default: '' },
	{
		displayName: 'Preheader',
		name: 'preheader',
		type: 'string',
		default: '',
		description: 'Line that mail programs show after the subject',
	},
	{
		displayName: 'Reply To',
		name: 'replyTo',
		type: 'string',
		default: '',
		placeholder: 'e.g. support@shop.example',
	},
	{
		displayName: 'Subject',
		name: 'subject',
		type: 'string',
		default: '',
		description: 'Subject line. Default: the one of the template.',
	},
	{
		displayName: 'Track Clicks',
		name: 'trackClicks',
		type: 'boolean',
		default: true,
		description: 'Whether to count clicks on links',
	},
	{
		displayName: 'Track Opens',
		name: 'trackOpens',
		type: 'boolean',
		default: true,
		description: 'Whether to count openings',
	},
];

/** Puts sender name and address together, as the service takes them. */
export function senderOf({ fromName, fromEmail, ...fields }: IDataObject): IDataObject {
	if (fromEmail === undefined) return fields;
	const name = textOf(fromName);
	return { ...fields, from: { email: fromEmail, ...(name === undefined ? {} : { name }) } };
}

/** Sending ends with the campaign; the output is the campaign with its figures. */
export const sendJob: LongJob = {
	noun: 'campaign',
	id: ({ id }) => String(id),
	async load(id, get) {
		const campaign = await get(`/api/campaigns/${encodeURIComponent(id)}`);
		const analytics = await get(`/api/campaigns/${encodeURIComponent(id)}/analytics`);
		return { ...campaign, analytics };
	},
	state({ status }) {
		if (status === 'sent') return 'succeeded';
		if (status === 'failed' || status === 'cancelled') return status;
		return 'running';
	},
	failure: ({ error }) => ({
		reason: textOf(error) ?? '',
		advice: 'See the recipients of the campaign with the operation Get Recipients.',
	}),
};
