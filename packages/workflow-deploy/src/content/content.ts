import { createHash } from 'node:crypto';
import { canonicalWorkflow, isObject, type Json, type JsonObject } from '@autopilot/workflow-kit';

/** The part of a workflow that is deployed and compared; what n8n keeps for itself is left out. */
export interface Content {
	name: string;
	description?: string;
	nodes: JsonObject[];
	connections: JsonObject;
	settings: JsonObject;
	nodeGroups?: Json[];
}

/** Settings that say what n8n does without them, by which one that is no longer wanted is taken away: PUT merges. */
const NEUTRAL_SETTINGS: JsonObject = {
	errorWorkflow: 'DEFAULT',
	timezone: 'DEFAULT',
	executionTimeout: -1,
	saveDataErrorExecution: 'all',
	saveDataSuccessExecution: 'all',
	saveManualExecutions: true,
	saveExecutionProgress: false,
	callerPolicy: 'workflowsFromSameOwner',
	callerIds: '',
	availableInMCP: false,
	timeSavedMode: 'fixed',
	timeSavedPerExecution: 0,
	customTelemetryTags: [],
	redactionPolicy: 'none',
};
/** n8n sets these itself and takes no other value. */
const OWN_SETTINGS = new Set(['binaryMode', 'credentialResolverId', 'engineType']);

const NODE_KEYS = new Set([
	...['id', 'name', 'type', 'typeVersion', 'position', 'disabled', 'parameters', 'credentials'],
	...['webhookId', 'onError', 'continueOnFail', 'retryOnFail', 'maxTries', 'waitBetweenTries'],
	...['alwaysOutputData', 'executeOnce', 'notes', 'notesInFlow', 'customTelemetryTags'],
]);

/** Reads the content of a workflow as n8n or a file gives it. */
export function contentOf(source: JsonObject): Content {
	const { name, description, nodes, connections, settings, nodeGroups } = source;
	return {
		name: typeof name === 'string' ? name : '',
		...(typeof description === 'string' && description !== '' ? { description } : {}),
		nodes: (Array.isArray(nodes) ? nodes.filter(isObject) : []).map(nodeOf),
		connections: isObject(connections) ? connections : {},
		settings: isObject(settings) ? withoutOwn(settings) : {},
		...(Array.isArray(nodeGroups) && nodeGroups.length > 0 ? { nodeGroups } : {}),
	};
}

function nodeOf(node: JsonObject): JsonObject {
	return Object.fromEntries(Object.entries(node).filter(([key]) => NODE_KEYS.has(key)));
}

function withoutOwn(settings: JsonObject): JsonObject {
	return Object.fromEntries(Object.entries(settings).filter(([key]) => !OWN_SETTINGS.has(key)));
}

/** The settings to send so that exactly `wanted` remain of what n8n has. */
export function settingsToSend(wanted: JsonObject, present: JsonObject): JsonObject {
	const gone = Object.keys(present).filter((key) => !(key in wanted) && key in NEUTRAL_SETTINGS);
	return {
		...Object.fromEntries(gone.map((key) => [key, NEUTRAL_SETTINGS[key] ?? null])),
		...wanted,
	};
}

/** Whether two contents are the same workflow: order of keys and of nodes, defaults and names of credentials apart. */
export function isSame(left: Content, right: Content): boolean {
	return hashOf(left) === hashOf(right);
}

/**
 * The content with the webhook ids that n8n gave to nodes which have none in the files: it makes one for each node that can
 * be called, and a new one each time would be a new address.
 */
export function withWebhookIds(content: Content, given: Content | undefined): Content {
	if (given === undefined) return content;
	const ids = new Map(
		given.nodes.map(({ name, type, webhookId }) => [`${name} ${type}`, webhookId]),
	);
	const nodes = content.nodes.map((node) => {
		const webhookId = ids.get(`${node['name']} ${node['type']}`);
		return node['webhookId'] === undefined && webhookId !== undefined
			? { ...node, webhookId }
			: node;
	});
	return { ...content, nodes };
}

/** SHA-256 of what matters, in hex. */
export function hashOf(content: Content): string {
	return sha256(JSON.stringify(sortKeys(essence(content))));
}

export function sha256(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}

function essence(content: Content): Json {
	const settings = Object.entries(content.settings).filter(
		([key, value]) => JSON.stringify(NEUTRAL_SETTINGS[key]) !== JSON.stringify(value),
	);
	return {
		name: content.name,
		description: content.description ?? '',
		nodes: content.nodes.map(essentialNode).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
		connections: essentialConnections(content.connections),
		settings: Object.fromEntries(settings),
		nodeGroups: content.nodeGroups ?? [],
	};
}

function essentialNode(node: JsonObject): JsonObject {
	const credentials = isObject(node['credentials']) ? node['credentials'] : {};
	const kept = Object.entries(node).filter(
		([key, value]) => key !== 'credentials' && value !== false && value !== '' && value !== null,
	);
	// Its name in n8n may be another by now; the id decides.
	const used = Object.entries(credentials).map(([type, use]) => [
		type,
		isObject(use) ? (use['id'] ?? use['name'] ?? null) : use,
	]);
	return { ...Object.fromEntries(kept), credentials: Object.fromEntries(used) };
}

/** Without sources, types and last outputs that lead nowhere: the editor leaves some behind. */
function essentialConnections(connections: JsonObject): JsonObject {
	const sources = Object.entries(connections).map(([source, types]): [string, Json] => {
		const lists = Object.entries(isObject(types) ? types : {}).map(([type, slots]) => {
			const list = (Array.isArray(slots) ? slots : []).map((slot) => slot ?? []);
			while (list.length > 0 && JSON.stringify(list.at(-1)) === '[]') list.pop();
			return [type, list] as const;
		});
		return [source, Object.fromEntries(lists.filter(([, list]) => list.length > 0))];
	});
	return Object.fromEntries(sources.filter(([, types]) => JSON.stringify(types) !== '{}'));
}

function nameOf(node: JsonObject): string {
	return typeof node['name'] === 'string' ? node['name'] : '';
}

function sortKeys(value: Json): Json {
	if (Array.isArray(value)) return value.map(sortKeys);
	if (!isObject(value)) return value;
	const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
	return Object.fromEntries(entries.map(([key, item]) => [key, sortKeys(item)]));
}

/** A content with its id as a workflow of the kit, in the order that files have. */
export function asWorkflow(id: string, content: Content): JsonObject {
	return canonicalWorkflow({ id, ...content } satisfies Record<string, unknown> as JsonObject);
}
