import { isObject, type JsonObject } from '@autopilot/workflow-kit';
import type { Content } from './content.ts';

/** Node types whose parameter `workflowId` names another workflow. */
const CALLERS = /(^|\.)(executeWorkflow|toolWorkflow|retrieverWorkflow)$/;

/** Ids of the workflows that a workflow calls or hands its errors to: they must be in production before it. */
export function referencesOf(content: Content): string[] {
	const called = content.nodes
		.filter((node) => CALLERS.test(String(node['type'])) && node['disabled'] !== true)
		.flatMap((node) => calledId(node) ?? []);
	const { errorWorkflow } = content.settings;
	const handler =
		typeof errorWorkflow === 'string' && errorWorkflow !== 'DEFAULT' ? [errorWorkflow] : [];
	return [...new Set([...called, ...handler])];
}

function calledId(node: JsonObject): string | undefined {
	const parameters = node['parameters'];
	if (!isObject(parameters)) return undefined;
	const given = parameters['workflowId'];
	const id = isObject(given) ? given['value'] : given;
	// An expression decides at run time; only what is written can be ordered.
	return typeof id === 'string' && id !== '' && !id.startsWith('=') ? id : undefined;
}

/** The same workflow with other ids in its references. */
export function withReferences(content: Content, idOf: (id: string) => string): Content {
	const nodes = content.nodes.map((node) => {
		const { type, parameters } = node;
		if (!CALLERS.test(String(type)) || !isObject(parameters)) return node;
		const id = calledId(node);
		if (id === undefined || idOf(id) === id) return node;
		const given = parameters['workflowId'];
		const workflowId = isObject(given) ? { ...given, value: idOf(id) } : idOf(id);
		return { ...node, parameters: { ...parameters, workflowId } };
	});
	const { errorWorkflow, callerIds } = content.settings;
	return {
		...content,
		nodes,
		settings: {
			...content.settings,
			...(typeof errorWorkflow === 'string' ? { errorWorkflow: idOf(errorWorkflow) } : {}),
			...(typeof callerIds === 'string' && callerIds !== ''
				? {
						callerIds: callerIds
							.split(',')
							.map((id) => idOf(id.trim()))
							.join(','),
					}
				: {}),
		},
	};
}

/** Orders workflows so that each comes after all it needs. Circles keep the order they came in. */
export function leavesFirst<Item extends { id: string; needs: readonly string[] }>(
	workflows: readonly Item[],
): Item[] {
	const byId = new Map(workflows.map((workflow) => [workflow.id, workflow]));
	const ordered = new Set<Item>();
	const visit = (workflow: Item, above: ReadonlySet<string>) => {
		if (ordered.has(workflow) || above.has(workflow.id)) return;
		for (const id of workflow.needs) {
			const needed = byId.get(id);
			if (needed !== undefined) visit(needed, new Set([...above, workflow.id]));
		}
		ordered.add(workflow);
	};
	for (const workflow of workflows) visit(workflow, new Set());
	return [...ordered];
}

/** Whether something can start it in production; n8n publishes no others. */
export function hasTrigger(content: Content): boolean {
	return content.nodes.some(
		({ type, disabled }) =>
			disabled !== true &&
			typeof type === 'string' &&
			!type.endsWith('.manualTrigger') &&
			(/trigger$/i.test(type) || /\.(webhook|start)$/.test(type)),
	);
}
