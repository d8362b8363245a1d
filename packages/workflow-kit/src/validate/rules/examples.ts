import type { Json, JsonObject } from '../../model/json.ts';
import type { Example } from '../rule.ts';

const BASE = 'n8n-nodes-base.';
const AI = '@n8n/n8n-nodes-langchain.';

/** Versions of the types that examples use; anything else gets 1. */
const VERSIONS: Record<string, number> = {
	...{ set: 3.5, if: 2.3, code: 2, httpRequest: 4.5, webhook: 2.1, scheduleTrigger: 1.4 },
	...{ merge: 3.2, switch: 3.4, executeWorkflow: 1.4, executeWorkflowTrigger: 1.2 },
	...{ respondToWebhook: 1.5, splitInBatches: 3, dataTable: 1.1, wait: 1.1, filter: 2.3 },
	...{ agent: 3.1, chainLlm: 1.9, lmChatOpenAi: 1.3, memoryBufferWindow: 1.4, toolCode: 1.3 },
	...{ toolWorkflow: 2.2, emailSend: 2.1, slack: 2.5, outputParserStructured: 1.3 },
};
const AI_TYPES = new Set(
	'agent chainLlm lmChatOpenAi memoryBufferWindow toolCode toolWorkflow outputParserStructured'.split(
		' ',
	),
);

/** A node; a type without a dot is one of n8n's own. */
export function node(
	name: string,
	type: string,
	parameters: JsonObject = {},
	more: JsonObject = {},
): JsonObject {
	const isShort = !type.includes('.');
	return {
		id: idFor(name),
		name,
		type: isShort ? (AI_TYPES.has(type) ? AI : BASE) + type : type,
		typeVersion: isShort ? (VERSIONS[type] ?? 1) : 1,
		position: [0, 0],
		parameters,
		...more,
	};
}

/** A workflow; `wires` are chains of names: `'Start > Set > Code'`, `'Model >ai_languageModel> Agent'`. */
export function flow(nodes: Json[], wires: string[] = [], more: JsonObject = {}): JsonObject {
	return {
		id: 'example',
		name: 'Example',
		nodes,
		connections: connect(wires),
		settings: { executionOrder: 'v1' },
		...more,
	};
}

export function connect(wires: string[]): JsonObject {
	const connections: Record<string, Record<string, Json[][]>> = {};
	for (const wire of wires) {
		const parts = wire.split('>').map((part) => part.trim());
		const isTyped = parts.length === 3 && (parts[1] ?? '').startsWith('ai_');
		const type = isTyped ? (parts[1] ?? 'main') : 'main';
		const names = isTyped ? [parts[0] ?? '', parts[2] ?? ''] : parts;
		for (const [index, source] of names.slice(0, -1).entries()) {
			const [from = '', output = '0'] = source.split('#');
			const ofType = ((connections[from] ??= {})[type] ??= []);
			while (ofType.length <= Number(output)) ofType.push([]);
			ofType[Number(output)]?.push({
				node: (names[index + 1] ?? '').split('#')[0] ?? '',
				type,
				index: 0,
			});
		}
	}
	return connections;
}

/** The start of most examples. */
export const START = node('Start', 'manualTrigger');

/** An example that shows one node of a workflow in which nothing else matters. */
export function showing(shown: JsonObject, more: JsonObject = {}): Example {
	return { file: flow([START, shown], [`Start > ${String(shown.name)}`], more), show: '/nodes/1' };
}

/** An example that shows the parameters of one node. */
export function parameters(type: string, given: JsonObject, more: JsonObject = {}): Example {
	return { ...showing(node('Here', type, given, more)), show: '/nodes/1/parameters' };
}

/** An example that shows a key of the workflow itself. */
export function workflowWith(more: JsonObject, key: string): Example {
	return { file: flow([START], [], more), show: `/${key}` };
}

/** Like a UUID, the same for the same name. */
function idFor(name: string): string {
	let hash = 7;
	for (const letter of name) hash = (hash * 31 + letter.charCodeAt(0)) % 0xffffffff;
	const hex = hash.toString(16).padStart(8, '0');
	return `${hex}-0000-4000-8000-${hex}0000`;
}
