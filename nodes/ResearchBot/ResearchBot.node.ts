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
import { researchBot } from './service.ts';

export class ResearchBot implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Research Bot',
		name: 'researchBot',
		icon: {
			light: 'file:../../icons/researchBot.svg',
			dark: 'file:../../icons/researchBot.dark.svg',
		},
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Read prices, reviews and other facts from web pages',
		defaults: { name: 'Research Bot' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'autopilotResearchBotApi', required: true }],
		hints: [waitHint],
		waitingNodeTooltip: 'Waiting for the Research Bot to call back when the pages are read',
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				path: '',
				restartWebhook: true,
			},
		],
		properties: propertiesOf(researchBot),
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
		return await runService(this, researchBot);
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await resumeService(this, researchBot);
	}
}
