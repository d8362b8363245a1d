import { isObject, own, ownString } from '../model/json.ts';
import type { WorkflowNode } from '../model/model.ts';
import { isNear } from '../facts/lookup.ts';
import { parseBody, parseExpression } from '../expressions/parse.ts';
import { plainReferences } from '../expressions/plain.ts';
import { referencesOf, type References } from '../expressions/references.ts';
import { isExpression, splitExpression } from '../expressions/split.ts';
import { N8N_VARIABLES } from '../expressions/variables.ts';
import type { Context } from './context.ts';

/** Texts that n8n does not evaluate although they look like it: code, templates of their own, notes. */
const OWN_TEMPLATES = new Set([
	...['jsCode', 'pythonCode', 'functionCode', 'code', 'html', 'content', 'jsonSchemaExample'],
	...['schema', 'inputSchema', 'jsonSchema', 'toolDescription', 'description', 'htmlContent'],
]);
const STICKY = 'n8n-nodes-base.stickyNote';

/** Expressions and the code of Code nodes: parsed, never evaluated. */
export function checkExpressions(context: Context): void {
	for (const node of context.workflow.nodes) {
		if (node.disabled || node.type === STICKY) continue;
		for (const { text, pointer, parameter } of context.expressionsOf(node)) {
			if (isExpression(text)) checkExpression(context, node, text, pointer);
			else if (!OWN_TEMPLATES.has(parameter) && looksMeant(text)) {
				context.report(
					'expression-without-equals',
					`\`${parameter}\` of "${node.name}" has {{ }} without = in front.`,
					{ node, pointer },
				);
			}
		}
		checkCode(context, node);
	}
}

/** `{{ $json.x }}`: n8n's variables inside braces. Other template languages have braces too. */
function looksMeant(text: string): boolean {
	const open = text.indexOf('{{');
	return (
		open !== -1 &&
		/^\{\{\s{0,20}\$(?:json|node|input|\(|now|today)/.test(text.slice(open, open + 60))
	);
}

function checkExpression(
	context: Context,
	node: WorkflowNode,
	text: string,
	pointer: string,
): void {
	for (const chunk of splitExpression(text)) {
		if (chunk.kind === 'text') continue;
		if (!chunk.isClosed)
			context.report('expression-unclosed', `An expression of "${node.name}" has no }}.`, {
				...{ node, pointer },
			});
		const plain = plainReferences(chunk.text);
		if (plain !== undefined) {
			checkReferences(context, node, pointer, plain);
			continue;
		}
		const parsed = parseExpression(chunk.text);
		if ('error' in parsed) {
			context.report(
				'expression-syntax',
				`{{${clip(chunk.text)}}} in "${node.name}": ${parsed.error}.`,
				{ node, pointer },
			);
			continue;
		}
		checkReferences(context, node, pointer, referencesOf(parsed.tree));
	}
}

const CODE_NODES = new Map([
	['n8n-nodes-base.code', 'jsCode'],
	['n8n-nodes-base.function', 'functionCode'],
	['n8n-nodes-base.functionItem', 'functionCode'],
]);

/** The JavaScript of a node that runs code; undefined for other nodes and languages. */
export function codeOf(node: WorkflowNode): { code: string; parameter: string } | undefined {
	const parameter = CODE_NODES.get(node.type);
	if (parameter === undefined) return undefined;
	const language = ownString(node.parameters, 'language') ?? 'javaScript';
	if (language !== 'javaScript') return undefined;
	const code = own(node.parameters, parameter);
	return typeof code === 'string' ? { code, parameter } : undefined;
}

function checkCode(context: Context, node: WorkflowNode): void {
	const found = codeOf(node);
	if (found === undefined || isExpression(found.code)) return;
	const pointer = `${node.pointer}/parameters/${found.parameter}`;
	if (found.code.trim() === '') {
		context.report('code-empty', `"${node.name}" has no code.`, { node, pointer });
		return;
	}
	const parsed = parseBody(found.code);
	if ('error' in parsed)
		context.report('code-syntax', `The code of "${node.name}": ${parsed.error}.`, {
			node,
			pointer,
		});
	else checkReferences(context, node, pointer, referencesOf(parsed.tree));
}

function checkReferences(
	context: Context,
	node: WorkflowNode,
	pointer: string,
	{ nodes, variables }: References,
): void {
	const at = { node, pointer };
	for (const { name, isGuarded } of nodes) {
		if (!context.graph.byName.has(name)) {
			context.report('expression-node-unknown', `"${node.name}" refers to "${clip(name)}".`, {
				...at,
				advice: nearestName(name, context) ?? 'Write the name of a node of this workflow.',
			});
		} else if (!isGuarded && name !== node.name && !context.graph.isUpstream(name, node.name)) {
			context.report(
				'expression-node-not-upstream',
				`"${node.name}" refers to "${name}", which does not come before it.`,
				at,
			);
		}
	}
	for (const name of variables) checkVariable(context, at, name);
}

function checkVariable(
	context: Context,
	at: { node: WorkflowNode; pointer: string },
	name: string,
): void {
	if (name === '$env') {
		context.report('expression-environment', `"${at.node.name}" reads $env.`, at);
	} else if (name === '$fromAI' || name === '$fromAi' || name === '$fromai') {
		const isTool = context.graph.outgoing(at.node.name).some((edge) => edge.sourceType !== 'main');
		if (!isTool && !at.node.type.endsWith('Tool'))
			context.report('expression-from-ai-outside-tool', `"${at.node.name}" uses ${name}.`, at);
	} else if (name === '$getPairedItem') {
		context.report('n8n3-removed-function', `"${at.node.name}" uses ${name}.`, at);
	} else if (!N8N_VARIABLES.has(name)) {
		const near = [...N8N_VARIABLES].find((known) => isNear(known, name));
		context.report('expression-variable-unknown', `"${at.node.name}" uses ${clip(name)}.`, {
			...at,
			...(near !== undefined && { advice: `Did you mean ${near}?` }),
		});
	}
}

function nearestName(wrong: string, { workflow }: Context): string | undefined {
	const wanted = wrong.trim().toLowerCase();
	// Names of thousands of nodes against thousands of wrong references: only small workflows get the hint.
	if (workflow.nodes.length > 500) return undefined;
	const found = workflow.nodes.find(({ name }) => isNear(name.trim().toLowerCase(), wanted));
	return found && `Did you mean "${found.name}"?`;
}

function clip(text: string): string {
	return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}

/** `{__rl, mode, value}`, or the bare value of old files. */
export function locatedValue(value: unknown): string | undefined {
	const inner = isObject(value) ? own(value, 'value') : value;
	return typeof inner === 'string' && inner !== '' ? inner : undefined;
}
