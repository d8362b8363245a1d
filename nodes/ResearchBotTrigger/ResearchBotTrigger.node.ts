import type {
	IHookFunctions,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { createEndpoint, endpointExists, receiveEvent, removeEndpoint } from '../shared/trigger.ts';

const access = { name: 'Research Bot', credential: 'autopilotResearchBotApi' };

export class ResearchBotTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Research Bot Trigger',
		name: 'researchBotTrigger',
		icon: {
			light: 'file:../../icons/researchBot.svg',
			dark: 'file:../../icons/researchBot.dark.svg',
		},
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["events"].join(", ") }}',
		description: 'Starts the workflow when a scrape has ended',
		eventTriggerDescription: 'Waiting for an event of the Research Bot',
		activationMessage: 'The Research Bot now starts this workflow on the events you chose.',
		defaults: { name: 'Research Bot Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'autopilotResearchBotApi', required: true }],
		webhooks: [
			{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' },
		],
		properties: [
			{
				displayName: 'Events',
				name: 'events',
				type: 'multiOptions',
				required: true,
				default: ['scrape.succeeded'],
				description: 'What starts the workflow',
				options: [
					{ name: 'Scrape Failed', value: 'scrape.failed' },
					{ name: 'Scrape Succeeded', value: 'scrape.succeeded' },
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
		return receiveEvent(this, () => true);
	}
}
