import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { waitHint } from '../shared/fields.ts';
import { propertiesOf } from '../shared/properties.ts';
import { resumeService } from '../shared/resume.ts';
import { runService } from '../shared/run.ts';
import { searchProducts } from './listSearch/searchProducts.ts';
import { store } from './service.ts';

export class Store implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Store',
		name: 'store',
		icon: { light: 'file:../../icons/store.svg', dark: 'file:../../icons/store.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			'Sell with the Autopilot store: products, orders, payments, subscriptions, licenses and shipments',
		defaults: { name: 'Store' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'autopilotStoreApi', required: true }],
		hints: [waitHint],
		waitingNodeTooltip: 'Waiting for the store to call back when the order has come so far',
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				path: '',
				restartWebhook: true,
			},
		],
		properties: propertiesOf(store),
	};

	// n8n opens and closes the resume URL itself, with the execution that waits
	webhookMethods = {
		default: {
			checkExists: async () => true,
			create: async () => true,
			delete: async () => true,
		},
	};

	methods = { listSearch: { searchProducts } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runService(this, store);
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await resumeService(this, store);
	}
}
