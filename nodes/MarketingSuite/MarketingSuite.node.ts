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
import { searchCampaigns } from './listSearch/searchCampaigns.ts';
import { searchLists } from './listSearch/searchLists.ts';
import { searchTemplates } from './listSearch/searchTemplates.ts';
import { getLists } from './loadOptions/getLists.ts';
import { marketingSuite } from './service.ts';

export class MarketingSuite implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Marketing Suite',
		name: 'marketingSuite',
		icon: {
			light: 'file:../../icons/marketingSuite.svg',
			dark: 'file:../../icons/marketingSuite.dark.svg',
		},
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Manage lists, contacts and templates, send e-mail campaigns and see how they do',
		defaults: { name: 'Marketing Suite' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'autopilotMarketingSuiteApi', required: true }],
		hints: [waitHint],
		waitingNodeTooltip: 'Waiting for the Marketing Suite to call back when the campaign is sent',
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				path: '',
				restartWebhook: true,
			},
		],
		properties: propertiesOf(marketingSuite),
	};

	methods = {
		listSearch: { searchCampaigns, searchLists, searchTemplates },
		loadOptions: { getLists },
	};

	// n8n opens and closes the resume URL itself, with the execution that waits
	webhookMethods = {
		default: {
			checkExists: async () => true,
			create: async () => true,
			delete: async () => true,
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runService(this, marketingSuite);
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await resumeService(this, marketingSuite);
	}
}
