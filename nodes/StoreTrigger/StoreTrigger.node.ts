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

const access = { name: 'Store', credential: 'autopilotStoreApi' };

function isWanted(context: IWebhookFunctions, { type, data }: ServiceEvent): boolean {
	if (!type.startsWith('product.')) return true;
	const filters: unknown = context.getNodeParameter('filters', {});
	const { status, tag } = isObject(filters) ? filters : {};
	const states = Array.isArray(status) ? status.map(String) : [];
	const tags = Array.isArray(data.tags) ? data.tags.map(String) : [];
	const wantedTag = textOf(tag);
	return (
		(states.length === 0 || states.includes(String(data.status))) &&
		(wantedTag === undefined || tags.includes(wantedTag))
	);
}

export class StoreTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Store Trigger',
		name: 'storeTrigger',
		icon: {
			light: 'file:../../icons/store.svg',
			dark: 'file:../../icons/store.dark.svg',
		},
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["events"].join(", ") }}',
		description: 'Starts the workflow on events of the Autopilot store',
		eventTriggerDescription: 'Waiting for an event of the Store',
		activationMessage: 'The Store now starts this workflow on the events you chose.',
		defaults: { name: 'Store Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'autopilotStoreApi', required: true }],
		webhooks: [
			{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' },
		],
		properties: [
			{
				displayName: 'Events',
				name: 'events',
				type: 'multiOptions',
				required: true,
				default: ['product.created'],
				description: 'What starts the workflow',
				options: [
					{ name: 'Customer Created', value: 'customer.created' },
					{ name: 'Customer Updated', value: 'customer.updated' },
					{ name: 'Product Archived', value: 'product.archived' },
					{ name: 'Product Created', value: 'product.created' },
					{ name: 'Product Deleted', value: 'product.deleted' },
					{ name: 'Product Published', value: 'product.published' },
					{ name: 'Product Updated', value: 'product.updated' },
					{ name: 'Stock Changed', value: 'stock.changed' },
				],
			},
			{
				displayName: 'Filters',
				name: 'filters',
				type: 'collection',
				placeholder: 'Add filter',
				default: {},
				description: 'Only for events of products; the others always pass',
				options: [
					{
						displayName: 'Status',
						name: 'status',
						type: 'multiOptions',
						default: ['published'],
						description: 'Only products in one of these states',
						options: [
							{ name: 'Archived', value: 'archived' },
							{ name: 'Draft', value: 'draft' },
							{ name: 'Published', value: 'published' },
						],
					},
					{
						displayName: 'Tag',
						name: 'tag',
						type: 'string',
						default: '',
						description: 'Only products with this tag',
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
