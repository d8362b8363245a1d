import { isObject, keysOf, own, setOwn, type Json, type JsonObject } from '../model/json.ts';

type Order = ReadonlyMap<string, number>;

// The order in which a person reads a workflow; other keys follow by name, LAST ones come after them.
const WORKFLOW_KEYS = order(
	'id name description active isArchived nodes connections settings',
	'staticData pinData nodeGroups meta tags versionId createdAt updatedAt shared',
);
const NODE_KEYS = order(
	'id name type typeVersion position disabled parameters credentials webhookId',
	'onError continueOnFail retryOnFail maxTries waitBetweenTries alwaysOutputData executeOnce',
	'notes notesInFlow',
);
const CONNECTION_TYPES = order('main error');
const TARGET_KEYS = order('node type index');
const PARAMETER_KEYS = order(
	'__rl id name key type resource operation authentication method url mode value',
	'cachedResultName cachedResultUrl leftValue rightValue operator',
);
const LAST = order('options');

/**
 * The same data with its keys in one order, whatever order they came in. Lossless: parsed, both are
 * deeply equal. Lists keep their order. So do the keys inside pinData and staticData: they are the
 * operator's data, and the editor shows their order as columns.
 */
export function canonicalWorkflow(source: JsonObject): JsonObject {
	const nodes = own(source, 'nodes');
	const sources = order();
	if (Array.isArray(nodes)) nodes.forEach((node, index) => nameOrder(sources, node, index));
	return sorted(source, WORKFLOW_KEYS, (key, value) => {
		switch (key) {
			case 'nodes':
				return Array.isArray(value) ? value.map(canonicalNode) : value;
			case 'connections':
				return isObject(value) ? canonicalConnections(value, sources) : value;
			case 'pinData':
			case 'staticData':
				return value;
			default:
				return deep(value);
		}
	});
}

function nameOrder(sources: Map<string, number>, node: Json, index: number): void {
	const name = isObject(node) ? own(node, 'name') : undefined;
	if (typeof name === 'string' && !sources.has(name)) sources.set(name, index);
}

function canonicalNode(node: Json): Json {
	return isObject(node) ? sorted(node, NODE_KEYS, (_, value) => deep(value)) : node;
}

/** Sources stand in the order of their nodes. */
function canonicalConnections(connections: JsonObject, sources: Order): JsonObject {
	return sorted(connections, sources, (_, ofSource) =>
		isObject(ofSource)
			? sorted(ofSource, CONNECTION_TYPES, (_, slots) => targets(slots))
			: deep(ofSource),
	);
}

function targets(value: Json): Json {
	if (Array.isArray(value)) return value.map(targets);
	return isObject(value) ? sorted(value, TARGET_KEYS, (_, inner) => deep(inner)) : value;
}

function deep(value: Json): Json {
	if (Array.isArray(value)) return value.map(deep);
	return isObject(value) ? sorted(value, PARAMETER_KEYS, (_, inner) => deep(inner)) : value;
}

function sorted(
	object: JsonObject,
	known: Order,
	each: (key: string, value: Json) => Json,
): JsonObject {
	const rank = (key: string) => known.get(key) ?? (LAST.has(key) ? Infinity : known.size);
	const keys = keysOf(object).sort((left, right) => {
		const [first, second] = [rank(left), rank(right)];
		if (first !== second) return first < second ? -1 : 1;
		return left < right ? -1 : 1;
	});
	const result: JsonObject = {};
	for (const key of keys) setOwn(result, key, each(key, own(object, key) ?? null));
	return result;
}

function order(...keys: string[]): Map<string, number> {
	return new Map(keys.flatMap((line) => line.split(' ')).map((key, index) => [key, index]));
}
