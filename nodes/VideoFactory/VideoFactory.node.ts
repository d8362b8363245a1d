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
import { getVoices } from './loadOptions/getVoices.ts';
import { videoFactory } from './service.ts';

export class VideoFactory implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Video Factory',
		name: 'videoFactory',
		icon: {
			light: 'file:../../icons/videoFactory.svg',
			dark: 'file:../../icons/videoFactory.dark.svg',
		},
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Make product videos with voice, captions and music',
		defaults: { name: 'Video Factory' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'autopilotVideoFactoryApi', required: true }],
		hints: [waitHint],
		waitingNodeTooltip: 'Waiting for the Video Factory to call back when the video is rendered',
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				path: '',
				restartWebhook: true,
			},
		],
		properties: propertiesOf(videoFactory),
	};

	methods = { loadOptions: { getVoices } };

	// n8n opens and closes the resume URL itself, with the execution that waits
	webhookMethods = {
		default: {
			checkExists: async () => true,
			create: async () => true,
			delete: async () => true,
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runService(this, videoFactory);
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await resumeService(this, videoFactory);
	}
}
