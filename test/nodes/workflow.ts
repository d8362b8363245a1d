import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { NodeRun, RunResult, WorkflowJson } from '@autopilot/workflow-test';
import type { FakeService } from '../harness/fake-service.ts';

/** A node under test; `type` without the package name. */
export interface TestNode {
	type: string;
	parameters: INodeParameters;
	onError?: 'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput';
	retryOnFail?: boolean;
}

const CREDENTIALS: Record<string, string> = {
	store: 'autopilotStoreApi',
	license: 'autopilotStoreApi',
	researchBot: 'autopilotResearchBotApi',
	videoFactory: 'autopilotVideoFactoryApi',
	marketingSuite: 'autopilotMarketingSuiteApi',
};

function credentialOf(type: string): string {
	return CREDENTIALS[type.replace(/(Trigger|Tool)$/, '')] ?? '';
}

/** Every service's credential, all leading to the fake one. */
export function credentialsFor({ url, apiKey }: FakeService): Record<string, IDataObject> {
	return Object.fromEntries(
		Object.values(CREDENTIALS).map((type) => [type, { baseUrl: url, apiKey }]),
	);
}

/** Start -> Node -> After (a Set node that reads the item the Start node gave for it). */
export function workflowWith({ type, parameters, ...settings }: TestNode): WorkflowJson {
	const credentials = { [credentialOf(type)]: { id: 'test', name: 'test' } };
	return {
		id: 'test-workflow',
		name: 'Test',
		settings: { executionOrder: 'v1' },
		nodes: [
			{
				id: 'start',
				name: 'Start',
				type: 'n8n-nodes-base.manualTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: {},
			},
			{
				id: 'node',
				name: 'Node',
				type: `n8n-nodes-autopilot.${type}`,
				typeVersion: 1,
				position: [200, 0],
				webhookId: 'b7a5e3f0-0000-4000-8000-000000000001',
				parameters,
				credentials,
				...settings,
			},
			{
				id: 'after',
				name: 'After',
				type: 'n8n-nodes-base.noOp',
				typeVersion: 1,
				position: [400, 0],
				parameters: {},
			},
		],
		connections: {
			Start: { main: [[{ node: 'Node', type: 'main', index: 0 }]] },
			Node: { main: [[{ node: 'After', type: 'main', index: 0 }]] },
		},
	};
}

/** The last run of the node under test. */
export function nodeRun({ nodes }: RunResult): NodeRun {
	const run = nodes.Node?.at(-1);
	if (!run) throw new Error(`The node did not run: ${JSON.stringify(nodes)}`);
	return run;
}

/** The JSON of the items the node gave out. */
export function itemsOf(result: RunResult, output = 0): IDataObject[] {
	return (nodeRun(result).outputs[output] ?? []).map(({ json }) => json);
}
