import type { AnyNode, Node } from 'acorn';
import { visit } from './parse.ts';

/** What a piece of code asks of n8n. */
export interface References {
	/** Nodes it names: `$('X')`, `$node['X']`, `$items('X')`. */
	nodes: NodeReference[];
	/** `$variables` it uses and does not declare. */
	variables: string[];
	/** Names of `$vars.X`. */
	workflowVariables: string[];
}

export interface NodeReference {
	name: string;
	/** It only asks whether the node has run. */
	isGuarded: boolean;
}

const NONE: References = { nodes: [], variables: [], workflowVariables: [] };

/** What the code of a tree refers to. */
export function referencesOf(tree: Node): References {
	let found: References | undefined;
	const declared = new Set<string>();
	const byDollar = new Set<string>();
	const add = (): References => (found ??= { nodes: [], variables: [], workflowVariables: [] });
	visit(tree, (visited, parent) => {
		const node = visited as AnyNode;
		switch (node.type) {
			case 'CallExpression': {
				const { callee } = node;
				if (callee.type !== 'Identifier' || (callee.name !== '$' && callee.name !== '$items'))
					break;
				const name = textOf(node.arguments[0]);
				if (name === undefined) break;
				add().nodes.push({ name, isGuarded: isGuard(parent) });
				if (callee.name === '$') byDollar.add(name);
				break;
			}
			case 'MemberExpression': {
				if (node.object.type !== 'Identifier') break;
				const key = keyOf(node);
				if (key === undefined) break;
				if (node.object.name === '$node')
					add().nodes.push({ name: key, isGuarded: isGuard(parent) });
				if (node.object.name === '$vars') add().workflowVariables.push(key);
				break;
			}
			case 'Identifier':
				if (!node.name.startsWith('$')) break;
				if (isDeclaration(node, parent)) declared.add(node.name);
				else if (node.name !== '$' && !isKey(node, parent)) add().variables.push(node.name);
				break;
			default:
		}
	});
	if (found === undefined) return NONE;
	const { nodes, variables, workflowVariables } = found;
	return {
		workflowVariables,
		// `const $ = cheerio.load(html)`: then `$('.price')` names no node.
		nodes: declared.has('$') ? nodes.filter(({ name }) => !byDollar.has(name)) : nodes,
		variables: [...new Set(variables)].filter((name) => !declared.has(name)),
	};
}

function textOf(node: AnyNode | undefined): string | undefined {
	if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
	if (node?.type === 'TemplateLiteral' && node.expressions.length === 0)
		return node.quasis[0]?.value.cooked ?? undefined;
	return undefined;
}

function keyOf(node: Extract<AnyNode, { type: 'MemberExpression' }>): string | undefined {
	if (node.computed) return textOf(node.property);
	return node.property.type === 'Identifier' ? node.property.name : undefined;
}

function isGuard(parent: Node | undefined): boolean {
	const member = parent as AnyNode | undefined;
	return member?.type === 'MemberExpression' && keyOf(member) === 'isExecuted';
}

/** A parameter or a variable of the code's own. */
function isDeclaration(node: Node, parent: Node | undefined): boolean {
	const of = parent as AnyNode | undefined;
	switch (of?.type) {
		case 'VariableDeclarator':
			return of.id === node;
		case 'FunctionDeclaration':
		case 'FunctionExpression':
			return of.id === node || of.params.some((one) => one === node);
		case 'ArrowFunctionExpression':
			return of.params.some((one) => one === node);
		default:
			return false;
	}
}

/** `{ $key: 1 }` and `object.$key` are names, not variables. */
function isKey(node: Node, parent: Node | undefined): boolean {
	const of = parent as AnyNode | undefined;
	if (of?.type === 'MemberExpression') return of.property === node && !of.computed;
	return of?.type === 'Property' && of.key === node && !of.computed && !of.shorthand;
}
