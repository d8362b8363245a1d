import { packageOf } from '../facts/lookup.ts';
import { isObject, own } from '../model/json.ts';
import type { WorkflowNode } from '../model/model.ts';
import type { Context } from './context.ts';
import { isConnected } from './graph.ts';
import { scopeOf } from './scope.ts';
import { isShown } from '../facts/display.ts';

/** Types, their versions and the credentials they need. Without facts about a package nothing is said of its nodes. */
export function checkTypes(context: Context): void {
	for (const node of context.workflow.nodes) {
		if (node.type === '') continue;
		checkType(context, node);
		checkCredentials(context, node);
	}
}

/** What n8n's own default of NODES_EXCLUDE names. */
const EXCLUDED = new Set(['n8n-nodes-base.executeCommand', 'n8n-nodes-base.localFileTrigger']);

function checkType({ report, facts }: Context, node: WorkflowNode): void {
	const { type, typeVersion, name } = node;
	const at = { node, pointer: `${node.pointer}/type` };
	const packageName = packageOf(type);
	if (packageName === '') {
		report('type-without-package', `"${name}" is of type ${type}.`, at);
		return;
	}
	if (packageName === 'CUSTOM') {
		report('type-custom-folder', `"${name}" is of type ${type}.`, at);
		return;
	}
	if (!facts.knowsPackage(packageName)) return;
	const versions = facts.versionsOf(type);
	if (versions.length === 0) {
		const nearest = facts.nearest(type);
		const advice = EXCLUDED.has(type)
			? 'n8n 2 leaves it out for safety; the operator can let it in with NODES_EXCLUDE.'
			: nearest && `Did you mean ${nearest}?`;
		report('type-unknown', `"${name}" is of type ${type}, which ${packageName} does not have.`, {
			...at,
			...(advice !== undefined && { advice }),
		});
		return;
	}
	if (!versions.includes(typeVersion)) {
		const newest = versions.at(-1) ?? typeVersion;
		report(
			'type-version-unknown',
			`"${name}" is ${type} ${typeVersion}; there is ${list(versions)}.`,
			{
				...{ node, pointer: `${node.pointer}/typeVersion` },
				advice:
					typeVersion > newest
						? `Upgrade n8n${facts.n8nVersion === undefined ? '' : ` (it is ${facts.n8nVersion})`}, or use ${newest}.`
						: `Use ${nearestVersion(versions, typeVersion)}.`,
			},
		);
		return;
	}
	if (facts.node(type, typeVersion)?.facts.hidden === true)
		report('type-superseded', `"${name}" is of type ${type}.`, at);
}

function checkCredentials(context: Context, node: WorkflowNode): void {
	const { report, facts, typeOf } = context;
	for (const { type, pointer } of node.credentials) {
		// With facts of n8n's own nodes all of its credential types are known too.
		if (facts.knowsPackage('n8n-nodes-base') && !facts.knowsCredential(type))
			report('credential-type-unknown', `"${node.name}" uses a credential of type ${type}.`, {
				...{ node, pointer },
			});
	}
	const found = typeOf(node);
	if (found === undefined || node.disabled || !isConnectedOrTrigger(context, node)) return;
	const scope = scopeOf(node, found, 'written');
	const used = own(node.source, 'credentials');
	for (const slot of found.facts.credentials) {
		if (slot.required !== true || !isShown(slot, scope)) continue;
		const use = isObject(used) ? own(used, slot.type) : undefined;
		if (!use) {
			report('credential-missing', `"${node.name}" needs a credential of type ${slot.type}.`, {
				node,
			});
			continue;
		}
		const id = isObject(use) ? own(use, 'id') : undefined;
		if (!id && !(isObject(use) && own(use, '__aiGatewayManaged')))
			report('credential-without-id', `The ${slot.type} of "${node.name}" has no id.`, {
				...{ node, pointer: `${node.pointer}/credentials` },
			});
	}
}

/** n8n looks only at nodes that take part. */
export function isConnectedOrTrigger(context: Context, node: WorkflowNode): boolean {
	const { trigger, resumes } = context.typeOf(node)?.facts ?? {};
	return trigger === true || resumes === true || isConnected(context, node.name);
}

function list(versions: readonly number[]): string {
	return versions.length > 6
		? `${versions[0] ?? ''} to ${versions.at(-1) ?? ''}`
		: versions.join(', ');
}

function nearestVersion(versions: readonly number[], wanted: number): number {
	return versions.findLast((version) => version < wanted) ?? versions[0] ?? wanted;
}
