import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { propertiesOf } from '../shared/properties.ts';
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
		description: 'Manage products, variants, stock and customers of the Autopilot store',
		defaults: { name: 'Store' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'autopilotStoreApi', required: true }],
		properties: propertiesOf(store),
	};

	methods = { listSearch: { searchProducts } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runService(this, store);
	}
}
