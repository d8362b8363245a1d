import type { INodeExecutionData, IWorkflowExecuteAdditionalData } from 'n8n-workflow';
import { additionalDataOf } from './additional-data.ts';
import { core, n8nWorkflow } from './modules.ts';
import { loadFor } from './node-types.ts';
import type { CredentialData } from './protocol.ts';
import { nodeRunsOf } from './results.ts';
import { withStandIns } from './stand-ins.ts';
import { currentWorld, world } from './world.ts';
import { workflowOf } from './workflows.ts';

interface Call {
	inputData?: INodeExecutionData[];
	doNotWaitToFinish?: boolean;
}

interface Outcome {
	executionId: string;
	data: (INodeExecutionData[] | null)[];
}

/** What an Execute Sub-workflow node calls: a stand-in, or the workflow of that id, run in this process. */
export function callWorkflow(credentials: CredentialData) {
	return async (
		{ id = '' }: { id?: string },
		_caller: IWorkflowExecuteAdditionalData,
		{ inputData = [{ json: {} }], doNotWaitToFinish }: Call,
	): Promise<Outcome> => {
		if (currentWorld.getStore() === undefined)
			throw new Error('Sub-workflows run in a closed world only');
		const { options, called, children, executionId: parent } = world();
		const executionId = `${parent}-${called.length + 1}`;
		const standIn = options.subWorkflows[id];
		if (standIn !== undefined) {
			if ('error' in standIn) throw new Error(standIn.error);
			called.push({ id, nodes: {} });
			return {
				executionId,
				data: [standIn.items.map((json) => ({ json, pairedItem: { item: 0 } }))],
			};
		}
		const json = options.workflows[id];
		if (json === undefined) {
			throw new Error(
				`The workflow "${id}" is called; there is no file of that id, and nothing stands in for it (subWorkflows).`,
			);
		}
		const marked = withStandIns(json, options.nodes);
		await loadFor(marked);
		const workflow = workflowOf(marked);
		const start = Object.values(workflow.nodes).find(({ type }) =>
			type.endsWith('.executeWorkflowTrigger'),
		);
		if (start === undefined)
			throw new Error(`The workflow "${id}" cannot be called: it has no trigger for that.`);
		const data = n8nWorkflow.createRunExecutionData({
			executionData: {
				nodeExecutionStack: [{ node: start, data: { main: [inputData] }, source: null }],
			},
		});
		const hooks = new core.ExecutionLifecycleHooks('integrated', executionId, {
			id,
			name: workflow.name ?? '',
			active: true,
			isArchived: false,
			activeVersionId: null,
			createdAt: new Date(),
			updatedAt: new Date(),
			nodes: Object.values(workflow.nodes),
			connections: workflow.connectionsBySourceNode,
		});
		const additionalData = additionalDataOf(credentials, {
			id: executionId,
			hooks,
			executeWorkflow: callWorkflow(credentials),
		});
		const finished = await new core.WorkflowExecute(
			additionalData,
			'integrated',
			data,
		).processRunExecutionData(workflow);
		called.push({ id, nodes: nodeRunsOf(finished) });
		children.set(executionId, finished.data);
		const { error, lastNodeExecuted = '', runData } = finished.data.resultData;
		if (error !== undefined) throw error;
		if (finished.data.waitTill !== undefined)
			throw new Error(`The called workflow "${id}" waits: give it a stand-in.`);
		if (doNotWaitToFinish === true) return { executionId, data: [inputData] };
		const last = runData[lastNodeExecuted]?.at(-1)?.data?.main ?? [];
		return { executionId, data: last };
	};
}
