import { isObject, own, step } from '../model/json.ts';
import type { WorkflowNode } from '../model/model.ts';
import type { Context } from './context.ts';
import { codeOf } from './expressions.ts';

const STICKY = 'n8n-nodes-base.stickyNote';
const ERROR_TRIGGER = 'n8n-nodes-base.errorTrigger';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const MOST_LINES = 20;
/** What n8n adds to exports and an instance makes anew. */
const INSTANCE_KEYS = [
	...['meta', 'versionId', 'activeVersionId', 'versionCounter', 'createdAt', 'updatedAt', 'shared'],
	...[
		'homeProject',
		'scopes',
		'staticData',
		'triggerCount',
		'active',
		'isArchived',
		'usedCredentials',
	],
];

/** What this project asks of workflows that it publishes. */
export function checkHouse(context: Context): void {
	const { workflow, report } = context;
	const { source, pointer, settings, nodes } = workflow;
	if (workflow.id === undefined) report('house-id-missing', 'The workflow has no id.');
	for (const node of nodes) {
		if (node.id !== undefined && !UUID.test(node.id))
			report('house-node-id', `The id of "${node.name}" is ${node.id.slice(0, 40)}.`, {
				...{ node, pointer: `${node.pointer}/id` },
			});
		checkCode(context, node);
	}
	checkErrorWorkflow(context);
	const limit = own(settings, 'executionTimeout');
	if (typeof limit !== 'number' || limit <= 0)
		report('house-execution-timeout', '`settings.executionTimeout` is not set.', {
			pointer: `${pointer}/settings`,
		});
	const zone = own(settings, 'timezone');
	if (typeof zone !== 'string' || zone === '' || zone === 'DEFAULT')
		report('house-timezone', '`settings.timezone` is not set.', { pointer: `${pointer}/settings` });
	if (!nodes.some(({ type }) => type === STICKY))
		report('house-explanation-missing', 'There is no sticky note.');
	if (Object.keys(workflow.pinData).length > 0)
		report('house-pinned-data', 'The file has `pinData`.', { pointer: `${pointer}/pinData` });
	for (const key of INSTANCE_KEYS) {
		const value = own(source, key);
		if (value === undefined || value === null || value === false) continue;
		if (isObject(value) && Object.keys(value).length === 0) continue;
		report('house-instance-data', `The file has \`${key}\`.`, { pointer: pointer + step(key) });
	}
}

function checkCode({ report }: Context, node: WorkflowNode): void {
	const found = codeOf(node);
	if (found === undefined) return;
	const lines = found.code.split('\n').length;
	if (lines > MOST_LINES)
		report('house-code-long', `The code of "${node.name}" has ${lines} lines.`, {
			...{ node, pointer: `${node.pointer}/parameters/${found.parameter}` },
		});
}

function checkErrorWorkflow({ report, workflow, neighbours }: Context): void {
	const { settings, nodes, pointer, id } = workflow;
	const handlesErrors = nodes.some(({ type, disabled }) => type === ERROR_TRIGGER && !disabled);
	const named = own(settings, 'errorWorkflow');
	const at = { pointer: `${pointer}/settings` };
	if (typeof named !== 'string' || named === '' || named === 'DEFAULT') {
		if (!handlesErrors) report('house-error-workflow', '`settings.errorWorkflow` is not set.', at);
		return;
	}
	if (!neighbours.isKnown || named === id) return;
	const handler = neighbours.byId.get(named);
	if (handler === undefined)
		report(
			'house-error-workflow-wrong',
			`The error workflow ${named.slice(0, 60)} is not here.`,
			at,
		);
	else if (!handler.nodes.some(({ type, disabled }) => type === ERROR_TRIGGER && !disabled))
		report('house-error-workflow-wrong', `"${handler.name}" has no Error Trigger.`, at);
}
