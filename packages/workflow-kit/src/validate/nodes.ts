import { isObject, own, step, type Json } from '../model/json.ts';
import type { WorkflowNode } from '../model/model.ts';
import type { Context } from './context.ts';

export function checkNodes(context: Context): void {
	const names = new Map<string, WorkflowNode>();
	const ids = new Map<string, WorkflowNode>();
	for (const node of context.workflow.nodes) {
		checkName(context, node, names);
		checkId(context, node, ids);
		checkShape(context, node);
		checkCredentials(context, node, own(node.source, 'credentials'));
		if (context.profile !== 'import') checkSettings(context, node);
	}
}

function checkName({ report }: Context, node: WorkflowNode, names: Map<string, WorkflowNode>) {
	const name = own(node.source, 'name');
	const at = { node, pointer: `${node.pointer}/name` };
	if (typeof name === 'number' || typeof name === 'boolean')
		report('node-name-wrong', `The name of node ${node.index + 1} is no text.`, at);
	if (typeof name !== 'string' || name === '') return;
	const first = names.get(name);
	if (first === undefined) names.set(name, node);
	else
		report(
			'node-name-duplicate',
			`Nodes ${first.index + 1} and ${node.index + 1} are both named "${name}".`,
			at,
		);
}

function checkId({ report }: Context, node: WorkflowNode, ids: Map<string, WorkflowNode>) {
	const id = own(node.source, 'id');
	const at = { node, pointer: `${node.pointer}/id` };
	if (!id) {
		report('node-id-missing', `"${node.name}" has no id.`, { node });
		return;
	}
	if (typeof id !== 'string') {
		report('node-id-wrong', `The id of "${node.name}" is no text.`, at);
		return;
	}
	const first = ids.get(id);
	if (first === undefined) ids.set(id, node);
	else report('node-id-duplicate', `"${first.name}" and "${node.name}" have the id ${id}.`, at);
}

/** Types whose parameters n8n reads while it imports. */
const CALLERS = new Set([
	'n8n-nodes-base.executeWorkflow',
	'@n8n/n8n-nodes-langchain.toolWorkflow',
	'@n8n/n8n-nodes-langchain.retrieverWorkflow',
]);

function checkShape({ report }: Context, node: WorkflowNode): void {
	const { source, pointer, type } = node;
	const disabled = own(source, 'disabled');
	if (disabled !== undefined && typeof disabled !== 'boolean')
		report('node-disabled-wrong', `\`disabled\` of "${node.name}" is ${kindOf(disabled)}.`, {
			...{ node, pointer: `${pointer}/disabled` },
		});
	if (CALLERS.has(type) && !Object.hasOwn(source, 'parameters'))
		report('node-parameters-missing', `"${node.name}" has no \`parameters\`.`, { node });
}

function checkCredentials(
	{ report }: Context,
	node: WorkflowNode,
	credentials: Json | undefined,
): void {
	const at = { node, pointer: `${node.pointer}/credentials` };
	if (typeof credentials === 'string' && credentials !== '')
		report('node-credentials-wrong', `The credentials of "${node.name}" are a text.`, at);
	if (typeof credentials !== 'object' || credentials === null) return;
	for (const [type, use] of Object.entries(credentials)) {
		if (use === null)
			report('node-credentials-wrong', `The credential ${type} of "${node.name}" is null.`, {
				...{ node, pointer: at.pointer + step(type) },
			});
	}
}

const FLAGS = ['alwaysOutputData', 'executeOnce', 'retryOnFail', 'notesInFlow', 'continueOnFail'];
const ON_ERROR = new Set(['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput']);
const NODE_KEYS = new Set([
	...['id', 'name', 'type', 'typeVersion', 'position', 'parameters', 'credentials', 'disabled'],
	...['notes', 'notesInFlow', 'webhookId', 'onError', 'continueOnFail', 'retryOnFail', 'maxTries'],
	...[
		'waitBetweenTries',
		'alwaysOutputData',
		'executeOnce',
		'color',
		'issues',
		'extendsCredential',
	],
	...['rewireOutputLogTo', 'forceCustomOperation', 'cid', 'creator', 'description', 'mode'],
]);

function checkSettings({ report, typeOf }: Context, node: WorkflowNode): void {
	const { source, pointer, name } = node;
	for (const flag of FLAGS) {
		const value = own(source, flag);
		if (value !== undefined && typeof value !== 'boolean')
			report('node-flag-wrong', `\`${flag}\` of "${name}" is ${kindOf(value)}.`, {
				...{ node, pointer: `${pointer}/${flag}` },
			});
	}
	for (const [key, least, most] of [
		['maxTries', 2, 5],
		['waitBetweenTries', 0, 5000],
	] as const) {
		const value = own(source, key);
		if (value === undefined || own(source, 'retryOnFail') !== true) continue;
		if (typeof value !== 'number' || value < least || value > most)
			report('node-retry-clamped', `\`${key}\` of "${name}" is ${JSON.stringify(value)}.`, {
				...{ node, pointer: `${pointer}/${key}` },
			});
	}
	const onError = own(source, 'onError');
	if (onError !== undefined && (typeof onError !== 'string' || !ON_ERROR.has(onError)))
		report('node-on-error-unknown', `\`onError\` of "${name}" is ${JSON.stringify(onError)}.`, {
			...{ node, pointer: `${pointer}/onError` },
		});
	for (const key of Object.keys(source)) {
		if (NODE_KEYS.has(key)) continue;
		const isParameter = typeOf(node)?.parameters.has(key) ?? isWellKnown(key);
		if (isParameter || isWellKnown(key))
			report('node-key-misplaced', `\`${key}\` stands beside the parameters of "${name}".`, {
				...{ node, pointer: pointer + step(key) },
			});
	}
}

/** Parameters of so many nodes that they are one wherever they stand. */
function isWellKnown(key: string): boolean {
	return ['resource', 'operation', 'url', 'method', 'httpMethod', 'options', 'jsCode'].includes(
		key,
	);
}

function kindOf(value: Json): string {
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'a list';
	return isObject(value) ? 'an object' : `a ${typeof value}`;
}
