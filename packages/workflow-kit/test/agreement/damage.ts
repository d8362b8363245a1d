import type { JsonObject } from '../../src/index.ts';

/** A workflow that may be changed at will. */
interface Draft extends Record<string, unknown> {
	nodes: Record<string, unknown>[];
	connections: Record<string, Record<string, unknown[]>>;
}
type Damage = (draft: Draft) => unknown;

const inPlace =
	(change: (draft: Draft) => void): Damage =>
	(draft) => {
		change(draft);
		return draft;
	};
const onNode = (change: (node: Record<string, unknown>) => void): Damage =>
	inPlace(({ nodes }) => {
		const node = nodes[Math.floor(nodes.length / 2)];
		if (node !== undefined) change(node);
	});
const onTarget = (change: (target: Record<string, unknown>) => void): Damage =>
	inPlace(({ connections }) => {
		const target = firstTarget(connections);
		if (target !== undefined) change(target);
	});
const withKey = (key: string, value: unknown): Damage => inPlace((draft) => (draft[key] = value));

/** Ways to break a workflow by hand, by a script or by a merge; some of them n8n does not mind. */
export const DAMAGES: Record<string, Damage> = {
	'wrapped as a gallery does': (draft) => ({ workflow: draft }),
	'connections gone': inPlace((draft) => Reflect.deleteProperty(draft, 'connections')),
	'nodes gone': inPlace((draft) => Reflect.deleteProperty(draft, 'nodes')),
	'name gone': inPlace((draft) => Reflect.deleteProperty(draft, 'name')),
	'name too long': withKey('name', 'n'.repeat(129)),
	'name of 128 emoji': withKey('name', '🙂'.repeat(128)),
	'id gone': inPlace((draft) => Reflect.deleteProperty(draft, 'id')),
	'id too long': withKey('id', 'i'.repeat(37)),
	'id a number': withKey('id', 17),
	'tags of texts': withKey('tags', ['one', 'two']),
	'tag name too long': withKey('tags', [{ id: 't', name: 't'.repeat(25) }]),
	'folder of elsewhere': withKey('parentFolder', { id: 'f', name: 'Folder' }),
	archived: withKey('isArchived', true),
	'date of a person': withKey('createdAt', 'last week'),
	'settings a text': withKey('settings', 'none'),
	'node name gone': onNode((node) => Reflect.deleteProperty(node, 'name')),
	'node type gone': onNode((node) => Reflect.deleteProperty(node, 'type')),
	'node type unknown': onNode((node) => (node.type = 'n8n-nodes-base.noSuchNode')),
	'node version a text': onNode((node) => (node.typeVersion = '1')),
	'node version gone': onNode((node) => Reflect.deleteProperty(node, 'typeVersion')),
	'node version of the future': onNode((node) => (node.typeVersion = 99)),
	'position an object': onNode((node) => (node.position = { x: 1, y: 2 })),
	'position of texts': onNode((node) => (node.position = ['1', '2'])),
	'parameters a list': onNode((node) => (node.parameters = [])),
	'disabled a text': onNode((node) => (node.disabled = 'false')),
	'node id gone': onNode((node) => Reflect.deleteProperty(node, 'id')),
	'node id a number': onNode((node) => (node.id = 5)),
	'credential null': onNode((node) => (node.credentials = { httpBasicAuth: null })),
	'credential a text': onNode((node) => (node.credentials = { httpBasicAuth: 'Shop' })),
	'a node null': inPlace((draft) => draft.nodes.push(null as unknown as JsonObject)),
	'two nodes of a name': inPlace(({ nodes }) => {
		nodes.push({ ...nodes[0], id: 'another' });
	}),
	'two nodes of an id': inPlace(({ nodes }) => {
		const id = typeof nodes[0]?.id === 'string' ? nodes[0].id : 'same';
		if (nodes[0] !== undefined) nodes[0].id = id;
		nodes.push({ ...nodes[0], name: 'Another', id });
	}),
	'a node renamed': inPlace(({ nodes, connections }) => {
		const node = nodes.find(({ name }) => typeof name === 'string' && name in connections);
		if (node !== undefined) node.name = 'Renamed';
	}),
	'target unknown': onTarget((target) => (target.node = 'Nobody')),
	'target index negative': onTarget((target) => (target.index = -1)),
	'target index a text': onTarget((target) => (target.index = '0')),
	'target type gone': onTarget((target) => Reflect.deleteProperty(target, 'type')),
	'targets without a list': inPlace(({ connections }) => {
		const types = Object.values(connections)[0];
		const main = types === undefined ? undefined : Object.values(types)[0];
		if (main !== undefined) main[0] = { node: 'x', type: 'main', index: 0 };
	}),
	'outputs that are null': inPlace(({ connections }) => {
		for (const types of Object.values(connections))
			for (const outputs of Object.values(types)) outputs.unshift(null);
	}),
};

/** Damage to the text itself. */
export const TEXT_DAMAGES: Record<string, (text: string) => string> = {
	'cut off': (text) => text.slice(0, Math.floor(text.length * 0.7)),
	'trailing comma': (text) => `${text.trimEnd().slice(0, -1)},}`,
	'byte order mark': (text) => `\uFEFF${text}`,
	'a comment': (text) => `// from the team\n${text}`,
	'name twice': (text) => `{"name": "First",${text.trimStart().slice(1)}`,
};

function firstTarget(connections: Draft['connections']): Record<string, unknown> | undefined {
	for (const types of Object.values(connections)) {
		for (const outputs of Object.values(types)) {
			for (const output of outputs)
				if (Array.isArray(output) && output.length > 0) return output[0] as Record<string, unknown>;
		}
	}
	return undefined;
}

/** The text of a workflow after a kind of damage. */
export function damaged(text: string, kind: string): string {
	const ofText = TEXT_DAMAGES[kind];
	if (ofText !== undefined) return ofText(text);
	const change = DAMAGES[kind];
	if (change === undefined) throw new Error(`No damage is called ${kind}.`);
	return JSON.stringify(change(JSON.parse(text) as Draft));
}
