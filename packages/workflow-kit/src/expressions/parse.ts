import { parse as parseJavaScript, type Node, type Program } from 'acorn';

/** JavaScript that could be read, or why it could not. */
export type Code = { tree: Program } | { error: string };

/** Above this nobody wrote it by hand, and a parser needs memory for each character. */
const MAX_LENGTH = 500_000;

/** The code of one `{{ }}`: a single expression; a leading `{` is an object, as n8n takes it. */
export function parseExpression(text: string): Code {
	if (text.trim() === '') return { error: 'there is nothing in it' };
	const code = parse(text.trimStart().startsWith('{') ? `(${text})` : text);
	if ('error' in code) return code;
	const [first] = code.tree.body;
	if (first === undefined) return { error: 'there is nothing in it but a comment' };
	return first.type === 'ExpressionStatement' ? code : { error: 'a statement is no expression' };
}

/** The code of a Code node: the body of an async function. */
export function parseBody(text: string): Code {
	return parse(text);
}

function parse(text: string): Code {
	if (text.length > MAX_LENGTH) return { error: `it has ${text.length} characters` };
	try {
		const tree = parseJavaScript(text, {
			ecmaVersion: 'latest',
			sourceType: 'script',
			allowReturnOutsideFunction: true,
			allowAwaitOutsideFunction: true,
			allowSuperOutsideMethod: true,
		});
		return { tree };
	} catch (error) {
		// A SyntaxError with its place, or a RangeError where brackets are nested thousands deep.
		if (error instanceof SyntaxError) return { error: lowerFirst(error.message) };
		if (error instanceof RangeError) return { error: 'it is nested too deeply' };
		throw error;
	}
}

function lowerFirst(text: string): string {
	return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Visits each node of a tree, parents first, without recursion: trees of hostile code are deep. */
export function visit(tree: Node, look: (node: Node, parent: Node | undefined) => void): void {
	const nodes: Node[] = [tree];
	const parents: (Node | undefined)[] = [undefined];
	for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
		look(node, parents.pop());
		for (const key in node) {
			const value: unknown = node[key as keyof Node];
			if (typeof value !== 'object' || value === null) continue;
			if (Array.isArray(value)) {
				for (const item of value) {
					if (!isNode(item)) continue;
					nodes.push(item);
					parents.push(node);
				}
			} else if (isNode(value)) {
				nodes.push(value);
				parents.push(node);
			}
		}
	}
}

function isNode(value: unknown): value is Node {
	return (
		typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
	);
}
