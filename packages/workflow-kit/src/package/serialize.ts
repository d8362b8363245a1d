import { createHash } from 'node:crypto';
import { isObject, own, ownString, setOwn, type Json, type JsonObject } from '../model/json.ts';
import type { Edge, Workflow, WorkflowNode } from '../model/model.ts';
import type { PackageContents, PackedPlace } from './contents.ts';

/** A workflow as a package holds it, with the credentials it asks for. */
export interface Serialized {
	id: string;
	name: string;
	content: JsonObject;
	credentials: { id: string; name: string; type: string }[];
	tags: { id: string; name: string }[];
	/** What a package says of it beside its file. */
	place: PackedPlace | undefined;
}

/** Keys of a node that the format knows, and their types; n8n refuses a file with others in them. */
const NODE_KEYS = {
	...{ disabled: 'boolean', notes: 'string', notesInFlow: 'boolean', continueOnFail: 'boolean' },
	...{ retryOnFail: 'boolean', maxTries: 'number', waitBetweenTries: 'number' },
	...{
		alwaysOutputData: 'boolean',
		executeOnce: 'boolean',
		onError: 'string',
		webhookId: 'string',
	},
};

/**
 * Odd shapes become regular here: ids that are missing are made from what is around them, connections
 * are written anew, pinned data and run data stay out.
 */
export function serializeWorkflow(
	workflow: Workflow,
	id: string,
	contents: PackageContents,
): Serialized {
	const name = workflow.name === '' ? 'Workflow' : workflow.name;
	const credentials = new Map<string, Serialized['credentials'][number]>();
	const nodes = workflow.nodes
		.filter((node) => node.name !== '' && node.type !== '')
		.map((node) => serializeNode(node, id, credentials));
	const tags = tagsOf(workflow.source, contents.tags);
	const content: JsonObject = {
		...{ id, name, nodes, connections: connectionsOf(workflow.edges) },
		...(groupsOf(workflow.source) as JsonObject),
		settings: workflow.settings,
		isArchived: own(workflow.source, 'isArchived') === true,
		...(tags.length > 0 && { tagIds: tags.map((tag) => tag.id) }),
	};
	const place = contents.workflows.find((one) => one.id === id);
	return { id, name, content, credentials: [...credentials.values()], tags, place };
}

function serializeNode(
	node: WorkflowNode,
	workflowId: string,
	credentials: Map<string, Serialized['credentials'][number]>,
): JsonObject {
	const uses: JsonObject = {};
	for (const use of node.credentials) {
		const given = own(node.source, 'credentials');
		const written = isObject(given) ? own(given, use.type) : undefined;
		// n8n's own gateway to models: there is no credential to bring along.
		if (isObject(written) && own(written, '__aiGatewayManaged') === true) {
			const managed = { id: null, name: use.name ?? use.type, __aiGatewayManaged: true };
			setOwn(uses, use.type, managed);
			continue;
		}
		const name = use.name === undefined || use.name === '' ? use.type : use.name;
		const id = use.id ?? stableId('credential', use.type, name);
		credentials.set(id, { id, name, type: use.type });
		setOwn(uses, use.type, { id, name });
	}
	const rest: JsonObject = {};
	for (const [key, type] of Object.entries(NODE_KEYS)) {
		const value = own(node.source, key);
		if (value !== undefined && typeof value === type) rest[key] = value;
	}
	return {
		id: node.id ?? stableId('node', workflowId, node.name),
		name: node.name,
		type: node.type,
		typeVersion: node.typeVersion,
		position: node.position,
		parameters: node.parameters,
		...(node.credentials.length > 0 && { credentials: uses }),
		...rest,
	};
}

function connectionsOf(edges: Edge[]): JsonObject {
	const connections: Record<string, Record<string, (Json[] | null)[]>> = Object.create(null);
	for (const edge of edges) {
		const ofSource = (connections[edge.source] ??= Object.create(null) as Record<
			string,
			(Json[] | null)[]
		>);
		const slots = (ofSource[edge.sourceType] ??= []);
		while (slots.length <= edge.sourceIndex) slots.push(null);
		const slot = (slots[edge.sourceIndex] ??= []);
		slot.push({ node: edge.target, type: edge.targetType, index: edge.targetIndex });
	}
	return connections;
}

function groupsOf(source: JsonObject): Json {
	const groups = own(source, 'nodeGroups');
	return Array.isArray(groups) && groups.length > 0 ? { nodeGroups: groups } : {};
}

function tagsOf(source: JsonObject, known: PackageContents['tags']): Serialized['tags'] {
	const [tags, ids] = [own(source, 'tags'), own(source, 'tagIds')];
	// As a package has them: their names are elsewhere in it.
	if (!Array.isArray(tags)) {
		if (!Array.isArray(ids)) return [];
		return known.filter(({ id }) => ids.includes(id)).map(({ id, name }) => ({ id, name }));
	}
	return tags.flatMap((tag) => {
		const name = isObject(tag) ? ownString(tag, 'name') : typeof tag === 'string' ? tag : undefined;
		if (name === undefined || name === '') return [];
		const id = isObject(tag) ? ownString(tag, 'id') : undefined;
		return [{ id: id === undefined || id === '' ? stableId('tag', name) : id, name }];
	});
}

/** 16 characters of base62, the same for the same parts. */
export function stableId(...parts: string[]): string {
	const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
	const bytes = createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16);
	return [...bytes].map((byte) => letters[byte % letters.length]).join('');
}
