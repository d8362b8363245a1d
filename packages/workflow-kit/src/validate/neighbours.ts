import { ownString } from '../model/json.ts';
import type { Parsed, Workflow, WorkflowNode } from '../model/model.ts';

/** What the other workflows of the same folder say. */
export interface Neighbours {
	/** Whether there is a folder: without one, nothing is said of workflows that are elsewhere. */
	isKnown: boolean;
	byId: ReadonlyMap<string, Workflow>;
	/** Method and path of a webhook -> the nodes that listen there. */
	webhooks: ReadonlyMap<string, readonly { workflow: Workflow; node: WorkflowNode }[]>;
}

export const NO_NEIGHBOURS: Neighbours = {
	isKnown: false,
	byId: new Map(),
	webhooks: new Map(),
};

/** What a set of files has in common, for the rules that look beyond one file. */
export function neighboursIn(documents: readonly Parsed[]): Neighbours {
	const byId = new Map<string, Workflow>();
	const webhooks = new Map<string, { workflow: Workflow; node: WorkflowNode }[]>();
	for (const { workflows } of documents) {
		for (const workflow of workflows) {
			if (workflow.id !== undefined) byId.set(workflow.id, workflow);
			for (const node of workflow.nodes) {
				for (const key of webhookKeys(node)) {
					const known = webhooks.get(key);
					if (known === undefined) webhooks.set(key, [{ workflow, node }]);
					else known.push({ workflow, node });
				}
			}
		}
	}
	return { isKnown: true, byId, webhooks };
}

const WEBHOOK = 'n8n-nodes-base.webhook';
const FORM = 'n8n-nodes-base.formTrigger';

/** Method and path that a node listens at; nothing where n8n computes them. */
export function webhookKeys(node: WorkflowNode): string[] {
	if (node.disabled || (node.type !== WEBHOOK && node.type !== FORM)) return [];
	const path = (ownString(node.parameters, 'path') ?? '').replace(/^\/{1,9}/, '');
	if (path === '' || path.startsWith('=')) return [];
	if (node.type === FORM) return [`FORM /${path}`];
	const given = node.parameters.httpMethod;
	const methods = Array.isArray(given) ? given : [given ?? 'GET'];
	return methods
		.filter((method) => typeof method === 'string' && !method.startsWith('='))
		.map((method) => `${String(method)} /${path}`);
}
