import type {
	IHookFunctions,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { isObject, textOf } from '../shared/problem.ts';
import type { ServiceEvent } from '../shared/trigger.ts';
import { createEndpoint, endpointExists, receiveEvent, removeEndpoint } from '../shared/trigger.ts';

const access = { name: 'Marketing Suite', credential: 'autopilotMarketingSuiteApi' };

function isWanted(context: IWebhookFunctions, { type, data }: ServiceEvent): boolean {
	if (type.startsWith('contact.')) return true;
	const filters: unknown = context.getNodeParameter('filters', {});
	const wanted = isObject(filters) ? textOf(filters.campaignId) : undefined;
	const campaign = type.startsWith('campaign.') ? data.id : data.campaignId;
	return wanted === undefined || wanted === campaign;
}

export class MarketingSuiteTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Marketing Suite Trigger',
		name: 'marketingSuiteTrigger',
		icon: {
			light: 'file:../../icons/marketingSuite.svg',
			dark: 'file:../../icons/marketingSuite.dark.svg',
		},
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["events"].join(", ") }}',
		description: 'Starts the workflow on events of campaigns, e-mails and contacts',
		eventTriggerDescription: 'Waiting for an event of the Marketing Suite',
		activationMessage: 'The Marketing Suite now starts this workflow on the events you chose.',
		defaults: { name: 'Marketing Suite Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'autopilotMarketingSuiteApi', required: true }],
		webhooks: [
			{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' },
		],
		properties: [
			{
				displayName: 'Events',
				name: 'events',
				type: 'multiOptions',
				required: true,
				default: ['campaign.finished'],
				description: 'What starts the workflow',
				options: [
					{ name: 'Campaign Finished', value: 'campaign.finished' },
					{ name: 'Campaign Started', value: 'campaign.started' },
					{ name: 'Contact Created', value: 'contact.created' },
					{ name: 'Contact Unsubscribed', value: 'contact.unsubscribed' },
					{ name: 'Email Clicked', value: 'email.clicked' },
					{ name: 'Email Failed', value: 'email.failed' },
					{ name: 'Email Opened', value: 'email.opened' },
					{ name: 'Email Sent', value: 'email.sent' },
					{ name: 'Email Unsubscribed', value: 'email.unsubscribed' },
					{ name: 'Single Email Failed', value: 'mail.failed' },
					{ name: 'Single Email Sent', value: 'mail.sent' },
				],
			},
			{
				displayName: 'Filters',
				name: 'filters',
				type: 'collection',
				placeholder: 'Add filter',
				default: {},
				options: [
					{
						displayName: 'Campaign ID',
						name: 'campaignId',
						type: 'string',
						default: '',
						description: 'Only events of this campaign; events of contacts always pass',
					},
				],
			},
		],
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await endpointExists(this, access);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return await createEndpoint(this, access);
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return await removeEndpoint(this, access);
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return receiveEvent(this, (event) => isWanted(this, event));
	}
}
