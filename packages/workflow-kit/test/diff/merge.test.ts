import { describe, expect, it } from '@jest/globals';
import { diffWorkflows } from '../../src/diff/diff.ts';
import { mergeWorkflows } from '../../src/diff/merge.ts';
import { parse } from '../../src/model/parse.ts';

const base = {
	name: 'Orders',
	nodes: [
		{
			id: '1',
			name: 'Hook',
			type: 'n8n-nodes-base.webhook',
			position: [0, 0],
			parameters: { path: 'orders' },
		},
		{
			id: '2',
			name: 'Clean',
			type: 'n8n-nodes-base.code',
			position: [240, 0],
			parameters: { jsCode: 'one();\ntwo();\nthree();\nfour();\nfive();', mode: 'all' },
		},
		{
			id: '3',
			name: 'Store',
			type: 'n8n-nodes-base.httpRequest',
			position: [480, 0],
			parameters: {
				url: "={{ $('Clean').item.json.url }}",
				list: [
					{ id: 'a', v: 1 },
					{ id: 'b', v: 1 },
				],
			},
		},
	],
	connections: {
		Hook: { main: [[{ node: 'Clean', type: 'main', index: 0 }]] },
		Clean: { main: [[{ node: 'Store', type: 'main', index: 0 }]] },
	},
	settings: { executionOrder: 'v1', timezone: 'Etc/UTC' },
};

type Document = typeof base & Record<string, unknown>;

function changed(change: (document: Document) => void): Document {
	const copy: Document = structuredClone(base);
	change(copy);
	return copy;
}

function workflow(document: unknown) {
	const [found] = parse(document).workflows;
	if (found === undefined) throw new Error('There is no workflow.');
	return found;
}

function merge(ours: unknown, theirs: unknown, common: unknown = base) {
	const merged = mergeWorkflows(workflow(common), workflow(ours), workflow(theirs));
	return { ...merged, model: workflow(merged.workflow) };
}

function nodeOf(model: ReturnType<typeof workflow>, name: string) {
	const found = model.nodes.find((node) => node.name === name);
	if (found === undefined) throw new Error(`There is no ${name}.`);
	return found;
}

function set(document: Document, name: string, parameters: object): void {
	const node = document.nodes.find((one) => one.name === name);
	Object.assign(node?.parameters ?? {}, parameters);
}

const edgesOf = (model: ReturnType<typeof workflow>) =>
	model.edges.map(({ source, target }) => `${source} -> ${target}`).sort();

const mail = {
	id: '4',
	name: 'Mail',
	type: 'n8n-nodes-base.emailSend',
	position: [720, 0],
	parameters: { path: '' },
};

describe('merging', () => {
	it('takes what only one side changed, in nodes, settings and lists', () => {
		const ours = changed((document) => {
			set(document, 'Hook', { path: 'sales' });
			document.settings.timezone = 'Europe/Oslo';
			set(document, 'Store', {
				list: [
					{ id: 'a', v: 2 },
					{ id: 'b', v: 1 },
				],
			});
		});
		const theirs = changed((document) => {
			set(document, 'Clean', { mode: 'each' });
			Object.assign(document.settings, { executionTimeout: 60 });
			set(document, 'Store', {
				list: [
					{ id: 'b', v: 3 },
					{ id: 'a', v: 1 },
					{ id: 'c', v: 1 },
				],
			});
		});
		const { conflicts, model } = merge(ours, theirs);
		expect(conflicts).toEqual([]);
		expect(nodeOf(model, 'Hook').parameters['path']).toBe('sales');
		expect(nodeOf(model, 'Clean').parameters['mode']).toBe('each');
		expect(nodeOf(model, 'Store').parameters['list']).toEqual([
			{ id: 'a', v: 2 },
			{ id: 'b', v: 3 },
			{ id: 'c', v: 1 },
		]);
		expect(model.settings).toEqual({
			executionOrder: 'v1',
			timezone: 'Europe/Oslo',
			executionTimeout: 60,
		});
	});

	it('merges code by lines', () => {
		const ours = changed((document) =>
			set(document, 'Clean', { jsCode: 'ONE();\ntwo();\nthree();\nfour();\nfive();' }),
		);
		const theirs = changed((document) =>
			set(document, 'Clean', { jsCode: 'one();\ntwo();\nthree();\nfour();\nfive();\nsix();' }),
		);
		const { conflicts, model } = merge(ours, theirs);
		expect(conflicts).toEqual([]);
		expect(nodeOf(model, 'Clean').parameters['jsCode']).toBe(
			'ONE();\ntwo();\nthree();\nfour();\nfive();\nsix();',
		);
	});

	it('names a conflict by node and parameter, and keeps ours', () => {
		const ours = changed((document) => set(document, 'Hook', { path: 'ours' }));
		const theirs = changed((document) => set(document, 'Hook', { path: 'theirs' }));
		const { conflicts, model } = merge(ours, theirs);
		expect(conflicts).toMatchObject([
			{ node: 'Hook', pointer: '/parameters/path', base: 'orders', ours: 'ours', theirs: 'theirs' },
		]);
		expect(nodeOf(model, 'Hook').parameters['path']).toBe('ours');
	});

	it('positions never conflict', () => {
		const ours = changed((document) => document.nodes.forEach((node) => (node.position = [1, 1])));
		const theirs = changed((document) =>
			document.nodes.forEach((node) => (node.position = [2, 2])),
		);
		const { conflicts, model } = merge(ours, theirs);
		expect(conflicts).toEqual([]);
		expect(nodeOf(model, 'Hook').position).toEqual([1, 1]);
	});

	it('a name given on one side reaches the connections of the other', () => {
		const ours: unknown = JSON.parse(
			JSON.stringify(base).replaceAll('"Clean"', '"Tidy"').replaceAll("$('Clean')", "$('Tidy')"),
		);
		const theirs = changed((document) => {
			document.nodes.push(structuredClone(mail));
			document.connections.Clean.main = [
				[
					{ node: 'Store', type: 'main', index: 0 },
					{ node: 'Mail', type: 'main', index: 0 },
				],
			];
		});
		const { conflicts, model } = merge(ours, theirs);
		expect(conflicts).toEqual([]);
		expect(edgesOf(model)).toEqual(['Hook -> Tidy', 'Tidy -> Mail', 'Tidy -> Store']);
	});

	it('an expression that still uses the old name is named', () => {
		const ours: unknown = JSON.parse(
			JSON.stringify(base).replaceAll('"Clean"', '"Tidy"').replaceAll("$('Clean')", "$('Tidy')"),
		);
		const theirs = changed((document) => {
			document.nodes.push({
				...structuredClone(mail),
				parameters: { path: "={{ $('Clean').item.json.mail }}" },
			});
		});
		expect(merge(ours, theirs).conflicts).toMatchObject([
			{ node: 'Mail', message: expect.stringContaining('"Clean"') },
		]);
	});

	it('a node removed by one side goes with its connections; changed by the other it stays', () => {
		const removed = changed((document) => {
			document.nodes.pop();
			document.connections.Clean.main = [[]];
		});
		const quiet = merge(
			removed,
			changed((document) => set(document, 'Hook', { path: 'x' })),
		);
		expect(quiet.conflicts).toEqual([]);
		expect(quiet.model.nodes.map(({ name }) => name)).toEqual(['Hook', 'Clean']);
		const loud = merge(
			removed,
			changed((document) => set(document, 'Store', { url: 'https://x.example' })),
		);
		expect(loud.conflicts).toMatchObject([{ node: 'Store', pointer: '' }]);
		expect(loud.model.nodes.map(({ name }) => name)).toContain('Store');
	});

	it('the same node added by both is one, two others of one name are two', () => {
		const ours = changed((document) => document.nodes.push(structuredClone(mail)));
		const same = merge(ours, ours);
		expect(same.conflicts).toEqual([]);
		expect(same.model.nodes).toHaveLength(4);
		const other = changed((document) =>
			document.nodes.push({ ...structuredClone(mail), id: '5', type: 'n8n-nodes-base.gmail' }),
		);
		const { conflicts, model } = merge(ours, other);
		expect(model.nodes.map(({ name }) => name)).toEqual([
			'Hook',
			'Clean',
			'Store',
			'Mail',
			'Mail1',
		]);
		expect(conflicts).toMatchObject([{ node: 'Mail', pointer: '/name' }]);
	});

	it('merging with what did not change gives the other side, both ways round', () => {
		const other = changed((document) => {
			document.nodes.push(structuredClone(mail));
			document.connections.Hook.main = [[{ node: 'Mail', type: 'main', index: 0 }]];
			set(document, 'Clean', { jsCode: 'x' });
		});
		for (const { conflicts, model } of [merge(base, other), merge(other, base)]) {
			expect(conflicts).toEqual([]);
			expect(diffWorkflows(model, workflow(other)).same).toBe(true);
		}
	});
});
