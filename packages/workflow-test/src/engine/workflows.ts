import type { IDataObject, INode, Workflow } from 'n8n-workflow';
import { n8nWorkflow } from './modules.ts';
import { nodeTypes } from './node-types.ts';
import type { NodeOutline, WorkflowJson } from './protocol.ts';

export function workflowOf(json: WorkflowJson, staticData?: IDataObject): Workflow {
	const { nodes, connections } = structuredClone(json);
	return new n8nWorkflow.Workflow({
		id: json.id ?? 'test-workflow',
		name: json.name ?? 'Test',
		nodes,
		connections,
		active: true,
		nodeTypes,
		staticData: staticData ?? {},
		settings: json.settings ?? { executionOrder: 'v1' },
	});
}

export function nodeNamed(workflow: Workflow, name: string): INode {
	const node = workflow.getNode(name);
	if (!node) throw new Error(`The workflow has no node "${name}"`);
	return node;
}

export function triggerOf({ nodes }: WorkflowJson): string {
	const trigger = nodes.find(({ type, disabled }) => disabled !== true && isTrigger(type));
	if (!trigger) throw new Error('The workflow has no trigger; say where it starts.');
	return trigger.name;
}

function isTrigger(type: string): boolean {
	return /trigger$/i.test(type) || type.endsWith('.webhook');
}

/** The nodes that can run, with the outputs that they have with these parameters. */
export function outlineOf(json: WorkflowJson): NodeOutline[] {
	const workflow = workflowOf(json);
	const running = json.nodes.filter(
		({ type, disabled }) => disabled !== true && !type.endsWith('.stickyNote'),
	);
	return running.map(({ name }) => {
		const node = nodeNamed(workflow, name);
		const { description } = nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
		const outputs = n8nWorkflow.NodeHelpers.getNodeOutputs(workflow, node, description)
			.map((output) => (typeof output === 'string' ? { type: output } : output))
			.filter(({ type }) => type === 'main');
		const names = description.outputNames ?? [];
		return {
			name,
			outputs: outputs.map((output, index) => {
				const isError = 'category' in output && output.category === 'error';
				const own = 'displayName' in output ? output.displayName : undefined;
				return isError ? 'error' : (own ?? names[index] ?? String(index));
			}),
			continues:
				node.onError === 'continueRegularOutput' ||
				node.onError === 'continueErrorOutput' ||
				node.continueOnFail === true,
			isTrigger: isTrigger(node.type),
		};
	});
}
