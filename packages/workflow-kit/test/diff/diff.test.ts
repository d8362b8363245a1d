import { describe, expect, it } from '@jest/globals';
import { diffWorkflows, onlyMoved } from '../../src/diff/diff.ts';
import { diffMarkdown } from '../../src/diff/markdown.ts';
import { diffSvg } from '../../src/diff/svg.ts';
import { diffText } from '../../src/diff/text.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { parse } from '../../src/model/parse.ts';
import { loadTemplates } from '../templates.ts';

const before = {
	id: 'w1',
	name: 'Orders',
	versionId: 'one',
	nodes: [
		{
			id: '1',
			name: 'Hook',
			type: 'n8n-nodes-base.webhook',
			typeVersion: 2,
			position: [0, 0],
			parameters: { path: 'orders' },
		},
		{
			id: '2',
			name: 'Clean',
			type: 'n8n-nodes-base.code',
			typeVersion: 2,
			position: [240, 0],
			parameters: { jsCode: 'const a = 1;\nconst b = 2;\nreturn a + b;' },
		},
		{
			id: '3',
			name: 'Store',
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			position: [480, 0],
			parameters: { url: 'https://a.example', options: { timeout: 5 } },
			credentials: { httpBasicAuth: { id: 'x', name: 'Shop' } },
		},
	],
	connections: {
		Hook: { main: [[{ node: 'Clean', type: 'main', index: 0 }]] },
		Clean: { main: [[{ node: 'Store', type: 'main', index: 0 }]] },
	},
	settings: { executionOrder: 'v1' },
};

type Document = typeof before;

function workflow(document: unknown) {
	const [found] = parse(document).workflows;
	if (found === undefined) throw new Error('There is no workflow.');
	return found;
}

function changed(change: (document: Document) => void): Document {
	const copy = structuredClone(before);
	change(copy);
	return copy;
}

function diff(after: unknown) {
	return diffWorkflows(workflow(before), workflow(after));
}

function at<T>(list: T[], index: number): T {
	const found = list[index];
	if (found === undefined) throw new Error(`There is no entry ${index}.`);
	return found;
}

describe('differences', () => {
	it('the order of keys and nodes, and what n8n writes on each save, are none', () => {
		const after = changed((document) => {
			document.nodes.reverse();
			document.versionId = 'two';
			Object.assign(document, { updatedAt: 'now', triggerCount: 4 });
		});
		expect(diff(after).same).toBe(true);
		expect(diffText(diff(after))).toBe('');
	});

	it('moving nodes is apart', () => {
		const moved = diff(changed((document) => (at(document.nodes, 1).position = [250, 10])));
		expect(onlyMoved(moved)).toBe(true);
		expect(moved.changed).toEqual([]);
		expect(moved.moved).toEqual([
			{ name: 'Clean', type: 'n8n-nodes-base.code', index: 1, before: [240, 0], after: [250, 10] },
		]);
	});

	it('parameters by path, code by lines, credentials and flags', () => {
		const found = diff(
			changed((document) => {
				const code = at(document.nodes, 1);
				code.parameters = { jsCode: 'const a = 1;\nconst b = 3;\nreturn a + b;' };
				const store = at(document.nodes, 2);
				store.parameters = { url: 'https://b.example', options: { timeout: 5 } };
				Object.assign(store, {
					disabled: true,
					credentials: { httpBasicAuth: { id: 'y', name: 'Shop' } },
				});
			}),
		);
		expect(
			found.changed.map(({ name, changes }) => [
				name,
				changes.map(({ pointer, kind }) => `${kind} ${pointer}`),
			]),
		).toEqual([
			['Clean', ['changed /parameters/jsCode']],
			[
				'Store',
				['changed /parameters/url', 'changed /credentials/httpBasicAuth/id', 'added /disabled'],
			],
		]);
		expect(found.changed[0]?.changes[0]?.lines).toEqual([
			{ sign: ' ', text: 'const a = 1;' },
			{ sign: '-', text: 'const b = 2;' },
			{ sign: '+', text: 'const b = 3;' },
			{ sign: ' ', text: 'return a + b;' },
		]);
	});

	it('a renamed node keeps its connections', () => {
		const renamed: unknown = JSON.parse(JSON.stringify(before).replaceAll('"Clean"', '"Tidy up"'));
		const found = diff(renamed);
		expect(found.changed).toMatchObject([{ name: 'Tidy up', renamedFrom: 'Clean', changes: [] }]);
		expect([found.connected, found.disconnected, found.added, found.removed]).toEqual([
			[],
			[],
			[],
			[],
		]);
	});

	it('a node is known again without its id by what it does', () => {
		const text = JSON.stringify(before)
			.replaceAll('"Clean"', '"Tidy up"')
			.replaceAll(/"id":"[123]",/g, '');
		const found = diff(JSON.parse(text));
		expect(found.changed).toMatchObject([{ name: 'Tidy up', renamedFrom: 'Clean' }]);
		expect(found.removed).toEqual([]);
	});

	it('nodes that came and went, and what was rewired', () => {
		const after = changed((document) => {
			document.nodes.pop();
			document.nodes.push({
				...at(structuredClone(before).nodes, 0),
				id: '9',
				name: 'Mail',
				type: 'n8n-nodes-base.emailSend',
			});
			document.connections.Clean.main = [[{ node: 'Mail', type: 'main', index: 0 }]];
		});
		const found = diff(after);
		expect(found.added.map(({ name }) => name)).toEqual(['Mail']);
		expect(found.removed.map(({ name }) => name)).toEqual(['Store']);
		expect(found.connected).toMatchObject([{ source: 'Clean', target: 'Mail' }]);
		expect(found.disconnected).toMatchObject([{ source: 'Clean', target: 'Store' }]);
	});

	it('name and settings of the workflow', () => {
		const after = changed((document) => {
			document.name = 'Sales';
			document.settings.executionOrder = 'v0';
		});
		expect(diff(after).workflow.map(({ pointer }) => pointer)).toEqual([
			'/name',
			'/settings/executionOrder',
		]);
	});

	it('an entry put into a list is one entry, not all that follow', () => {
		const rules = (names: string[]) => names.map((name) => ({ name, value: 1 }));
		const one = {
			nodes: [
				{ name: 'S', type: 'a.b', position: [0, 0], parameters: { list: rules(['a', 'b', 'c']) } },
			],
			connections: {},
		};
		const other = {
			nodes: [
				{
					name: 'S',
					type: 'a.b',
					position: [0, 0],
					parameters: { list: rules(['a', 'x', 'b', 'c']) },
				},
			],
			connections: {},
		};
		const found = diffWorkflows(workflow(one), workflow(other));
		expect(found.changed[0]?.changes).toEqual([
			{ pointer: '/parameters/list/1', kind: 'added', after: { name: 'x', value: 1 } },
		]);
	});
});

describe('reports', () => {
	const after = changed((document) => {
		at(document.nodes, 1).parameters = { jsCode: 'const a = 1;\n```\n</details>\u001b[31m' };
		at(document.nodes, 2).name = '<img src=x onerror=alert(1)> @everyone [x](javascript:1)';
		document.nodes.push({
			...at(structuredClone(before).nodes, 0),
			id: '9',
			name: 'Mail',
			type: 'n8n-nodes-base.emailSend',
		});
	});

	it('text has no control characters', () => {
		const text = diffText(diff(after));
		expect(text).toContain('+ Mail  n8n-nodes-base.emailSend');
		expect(text).toContain('- const b = 2;');
		expect(text).not.toContain('\u001b');
	});

	it('Markdown keeps names and code as text', () => {
		const text = diffMarkdown(diff(after));
		expect(text).toContain('- **added** Mail');
		expect(text).not.toMatch(/<img|@everyone|\]\(javascript/);
		expect(text).toContain('    ````diff');
	});

	it('the picture has both sides with their marks, and the same bytes each time', () => {
		const svg = diffSvg(workflow(before), workflow(after));
		expect(svg).toContain('>Before<');
		expect(svg).toContain('>1 added<');
		expect(svg).toContain('>2 changed<');
		expect(svg).not.toMatch(/<img|foreignObject/);
		expect(diffSvg(workflow(before), workflow(after))).toBe(svg);
	});
});

describe('all published templates', () => {
	it('(every fourth) differ from themselves in nothing, and from each other without a throw', async () => {
		const workflows = (await loadTemplates()).flatMap(({ text }) => parse(text).workflows);
		workflows.forEach((one, index) => {
			if (index % 4 !== 0) return;
			const again = workflow(JSON.parse(JSON.stringify(one.source)) as JsonObject);
			if (!diffWorkflows(one, again).same) throw new Error(`${one.name} differs from itself.`);
			const other = workflows[index + 1];
			if (other !== undefined) diffText(diffWorkflows(one, other));
		});
		expect(workflows.length).toBeGreaterThan(2_300);
	});
});
