import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { route } from './gate.ts';
import { properties } from './properties.ts';

export class License implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'License',
		name: 'license',
		icon: { light: 'file:../../icons/license.svg', dark: 'file:../../icons/license.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: 'Valid?',
		description:
			'Check a license key of the Autopilot store, and let a flow go on only with a valid one',
		defaults: { name: 'License' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Valid', 'Not Valid'],
		credentials: [{ name: 'autopilotStoreApi', required: true }],
		properties,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await route(this);
	}
}
