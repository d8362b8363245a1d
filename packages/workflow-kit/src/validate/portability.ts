import { packageOf } from '../facts/lookup.ts';
import { parseExpression } from '../expressions/parse.ts';
import { referencesOf } from '../expressions/references.ts';
import { isExpression, splitExpression } from '../expressions/split.ts';
import { own } from '../model/json.ts';
import type { WorkflowNode } from '../model/model.ts';
import type { Context } from './context.ts';
import { locatedValue } from './expressions.ts';

const CALLERS = new Set([
	'n8n-nodes-base.executeWorkflow',
	'@n8n/n8n-nodes-langchain.toolWorkflow',
]);
const CALLED = 'n8n-nodes-base.executeWorkflowTrigger';
const TABLES = new Set(['n8n-nodes-base.dataTable', 'n8n-nodes-base.dataTableTool']);
const OWN_PACKAGES = new Set(['n8n-nodes-base', '@n8n/n8n-nodes-langchain', 'CUSTOM', '']);

/** What the workflow wants of the instance it goes to. */
export function checkPortability(context: Context): void {
	const { workflow, report } = context;
	const packages = new Set<string>();
	for (const node of workflow.nodes) {
		const packageName = packageOf(node.type);
		if (!OWN_PACKAGES.has(packageName) && !packages.has(packageName)) {
			packages.add(packageName);
			report('needs-community-package', `"${node.name}" needs the package ${packageName}.`, {
				node,
			});
		}
		for (const { type, name, pointer } of node.credentials) {
			report('needs-credential', `"${node.name}" needs ${type}${name ? ` "${name}"` : ''}.`, {
				...{ node, pointer },
			});
		}
		if (CALLERS.has(node.type)) checkCall(context, node);
		if (TABLES.has(node.type)) checkTable(context, node);
		checkVariables(context, node);
	}
	if (own(workflow.settings, 'executionOrder') !== 'v1')
		report('execution-order-missing', '`settings.executionOrder` is not v1.', {
			pointer: `${workflow.pointer}/settings`,
		});
}

function checkCall({ report, neighbours, workflow }: Context, node: WorkflowNode): void {
	const source = own(node.parameters, 'source') ?? 'database';
	const id = locatedValue(own(node.parameters, 'workflowId'));
	if (source !== 'database' || id === undefined || isExpression(id)) return;
	const at = { node, pointer: `${node.pointer}/parameters/workflowId` };
	report('needs-workflow', `"${node.name}" calls the workflow ${id}.`, at);
	if (!neighbours.isKnown || id === workflow.id) return;
	const called = neighbours.byId.get(id);
	if (called === undefined)
		report('workflow-called-unknown', `"${node.name}" calls ${id}, which is not here.`, at);
	else if (!called.nodes.some(({ type, disabled }) => type === CALLED && !disabled))
		report('workflow-called-without-trigger', `"${node.name}" calls "${called.name}".`, at);
}

function checkTable({ report }: Context, node: WorkflowNode): void {
	const table = locatedValue(own(node.parameters, 'dataTableId'));
	if (table === undefined || isExpression(table)) return;
	report('needs-data-table', `"${node.name}" uses the data table ${table.slice(0, 80)}.`, {
		...{ node, pointer: `${node.pointer}/parameters/dataTableId` },
	});
}

function checkVariables(context: Context, node: WorkflowNode): void {
	for (const { text, pointer } of context.expressionsOf(node)) {
		if (!text.includes('$vars') || !isExpression(text)) continue;
		for (const chunk of splitExpression(text)) {
			const parsed = chunk.kind === 'code' ? parseExpression(chunk.text) : undefined;
			if (parsed === undefined || 'error' in parsed) continue;
			for (const name of new Set(referencesOf(parsed.tree).workflowVariables))
				context.report('needs-variable', `"${node.name}" reads $vars.${name}.`, { node, pointer });
		}
	}
}
