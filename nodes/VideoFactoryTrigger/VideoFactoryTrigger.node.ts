import type {
	IHookFunctions,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { createEndpoint, endpointExists, receiveEvent, removeEndpoint } from '../shared/trigger.ts';

const access = { name: 'Video Factory', credential: 'autopilotVideoFactoryApi' };

export class VideoFactoryTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Video Factory Trigger',
		name: 'videoFactoryTrigger',
		icon: {
			light: 'file:../../icons/videoFactory.svg',
			dark: 'file:../../icons/videoFactory.dark.svg',
		},
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["events"].join(", ") }}',
		description: 'Starts the workflow when a video is rendered or has failed',
		eventTriggerDescription: 'Waiting for an event of the Video Factory',
		activationMessage: 'The Video Factory now starts this workflow on the events you chose.',
		defaults: { name: 'Video Factory Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'autopilotVideoFactoryApi', required: true }],
		webhooks: [
			{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' },
		],
		properties: [
			{
				displayName: 'Events',
				name: 'events',
				type: 'multiOptions',
				required: true,
				default: ['video.succeeded'],
				description: 'What starts the workflow',
				options: [
					{ name: 'Video Failed', value: 'video.failed' },
					{ name: 'Video Succeeded', value: 'video.succeeded' },
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
