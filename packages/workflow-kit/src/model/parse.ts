import { readConnections } from './connections.ts';
import { findWorkflows, type Found } from './document.ts';
import { inspectJson } from './inspect.ts';
import { isObject, own, ownString, type Json, type JsonObject } from './json.ts';
import { measureJsonText, scanJsonText } from './json-text.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import type { Parsed, Workflow, WorkflowNode } from './model.ts';
import { readGroups, readNode } from './nodes.ts';
import { collectProblems, type Problems } from './problems.ts';

/**
 * Reads workflows out of text, bytes or JSON data. Never throws: what cannot be read is a finding.
 * `source` of each workflow is the very object that was given, or that JSON.parse made of the text.
 */
export function parse(input: string | Uint8Array | unknown, options: Partial<Limits> = {}): Parsed {
	const limits = { ...DEFAULT_LIMITS, ...options };
	const problems = collectProblems(limits.maxFindings);
	try {
		const document = readDocument(input, limits, problems);
		if (document === undefined) return { workflows: [], findings: problems.findings };
		const workflows = readWorkflows(document.json, limits, problems);
		return { workflows, findings: problems.findings, document: document.json };
	} catch (error) {
		// Only a proxy or a getter of the caller's own can get here.
		problems.add('not-json', '', `The data cannot be read: ${messageOf(error)}`);
		return { workflows: [], findings: problems.findings };
	}
}

function readDocument(
	input: unknown,
	limits: Limits,
	problems: Problems,
): { json: Json } | undefined {
	if (typeof input !== 'string' && !(input instanceof Uint8Array))
		return inspectJson(input, limits, problems);
	const size = input.length;
	if (size > limits.maxBytes) {
		problems.add('file-too-large', '', `${size} bytes; at most ${limits.maxBytes} are read.`);
		return undefined;
	}
	const text = typeof input === 'string' ? withoutMark(input) : decode(input, problems);
	const measures = measureJsonText(text);
	if (measures.depth > limits.maxDepth) {
		problems.add('json-too-deep', '', `More than ${limits.maxDepth} levels deep.`);
		return undefined;
	}
	if (measures.values > limits.maxValues) {
		problems.add('json-too-many-values', '', `More than ${limits.maxValues} values.`);
		return undefined;
	}
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch (error) {
		const fault = scanJsonText(text).error;
		if (fault === undefined) problems.add('json-syntax', '', `Not JSON: ${messageOf(error)}`);
		else {
			const { line, column, pointer, message } = fault;
			problems.add('json-syntax', pointer, `Line ${line}, column ${column}: ${message}.`, {
				line,
				column,
			});
		}
		return undefined;
	}
	const inspected = inspectJson(json, limits, problems);
	if (inspected !== undefined && inspected.keys !== measures.keys) {
		for (const { key, pointer, line, column } of scanJsonText(text).duplicates) {
			const message = `Line ${line}: the key "${clip(key)}" is there twice in one object.`;
			problems.add('json-duplicate-key', pointer, message, { line, column });
		}
	}
	return inspected;
}

function decode(bytes: Uint8Array, problems: Problems): string {
	if (bytes[0] === 0xff && bytes[1] === 0xfe) {
		problems.add('file-encoding', '', 'The file is UTF-16.');
		return withoutMark(new TextDecoder('utf-16le').decode(bytes));
	}
	const text = new TextDecoder().decode(bytes);
	if (text.includes('\uFFFD') && !isUtf8(bytes))
		problems.add('file-encoding', '', 'Some bytes are not UTF-8; they are read as U+FFFD.');
	return text;
}

function isUtf8(bytes: Uint8Array): boolean {
	try {
		new TextDecoder('utf-8', { fatal: true }).decode(bytes);
		return true;
	} catch {
		return false;
	}
}

function withoutMark(text: string): string {
	return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function readWorkflows(document: Json, limits: Limits, problems: Problems): Workflow[] {
	const found = findWorkflows(document, limits.maxWorkflows);
	if (found.length === 0) problems.add('no-workflow', '', 'There is no workflow in it.');
	if (found.length > limits.maxWorkflows) {
		problems.add('too-many-workflows', '', `More than ${limits.maxWorkflows} workflows.`);
		return [];
	}
	const room = { nodes: limits.maxNodes, edges: limits.maxEdges };
	const workflows: Workflow[] = [];
	for (const one of found) {
		const workflow = readWorkflow(one, room, problems);
		if (workflow === undefined) return [];
		workflows.push(workflow);
	}
	return workflows;
}

/** Undefined when the document is over its limits. */
function readWorkflow(
	{ pointer, source, wrapperName }: Found,
	room: { nodes: number; edges: number },
	problems: Problems,
): Workflow | undefined {
	const name = ownString(source, 'name') ?? wrapperName ?? '';
	const place = (key: string) => ({ pointer: `${pointer}/${key}`, workflow: name });
	const given = own(source, 'nodes');
	if (!Array.isArray(given))
		problems.add('nodes-shape', `${pointer}/nodes`, '`nodes` is not a list.', { workflow: name });
	const list = Array.isArray(given) ? given : [];
	room.nodes -= list.length;
	if (room.nodes < 0) {
		problems.add('too-many-nodes', `${pointer}/nodes`, 'Too many nodes.', { workflow: name });
		return undefined;
	}
	const nodes: WorkflowNode[] = [];
	list.forEach((node, index) => {
		const at = `${pointer}/nodes/${index}`;
		if (isObject(node))
			nodes.push(readNode(node, index, { pointer: at, workflow: name }, problems));
		else
			problems.add('node-shape', at, `Entry ${index + 1} of \`nodes\` is not an object.`, {
				workflow: name,
			});
	});
	const edges = readConnections(
		own(source, 'connections'),
		place('connections'),
		problems,
		room.edges,
	);
	if (edges === undefined) {
		problems.add('too-many-connections', `${pointer}/connections`, 'Too many connections.', {
			workflow: name,
		});
		return undefined;
	}
	room.edges -= edges.length;
	const id = own(source, 'id');
	return {
		pointer,
		id: typeof id === 'string' && id !== '' ? id : typeof id === 'number' ? String(id) : undefined,
		name,
		nodes,
		edges,
		settings: readObject(source, 'settings', place('settings'), problems),
		pinData: readObject(source, 'pinData', place('pinData'), problems),
		groups: readGroups(own(source, 'nodeGroups'), nodes, place('nodeGroups'), problems),
		source,
	};
}

function readObject(
	source: JsonObject,
	key: string,
	{ pointer, workflow }: { pointer: string; workflow: string },
	problems: Problems,
): JsonObject {
	const value = own(source, key);
	if (isObject(value)) return value;
	// null, and an empty list (PHP's way to write {}), are nothing
	const isNothing =
		value === undefined || value === null || (Array.isArray(value) && value.length === 0);
	if (!isNothing)
		problems.add('settings-shape', pointer, `\`${key}\` is not an object.`, { workflow });
	return {};
}

function messageOf(error: unknown): string {
	try {
		return clip(error instanceof Error ? error.message : String(error));
	} catch {
		return 'an error that cannot be read';
	}
}

function clip(text: string): string {
	return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
