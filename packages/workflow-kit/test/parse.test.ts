import { describe, expect, it } from '@jest/globals';
import { parse, valueAt } from '../src/index.ts';
import { forThisMachine } from './pace.ts';
import { loadTemplates } from './templates.ts';

const NODE = {
	name: 'A',
	type: 'n8n-nodes-base.set',
	typeVersion: 3,
	position: [0, 0],
	parameters: {},
};
const workflow = (more: object = {}) => ({ nodes: [NODE], connections: {}, ...more });
const codes = (input: unknown) => parse(input).findings.map(({ code }) => code);

describe('documents', () => {
	it.each<[string, unknown, string[]]>([
		['a workflow', workflow(), ['']],
		['a wrapper', { workflow: workflow() }, ['/workflow']],
		[
			'a gallery',
			{ workflow: { id: 1, nodes: [{ id: 9 }], workflow: workflow() } },
			['/workflow/workflow'],
		],
		['an answer of the API', { data: [workflow(), workflow()] }, ['/data/0', '/data/1']],
		['a list', [workflow(), { workflow: workflow() }], ['/0', '/1/workflow']],
		['an export of several', { workflows: [workflow()] }, ['/workflows/0']],
	])('%s', (_, document, pointers) => {
		const text = parse(JSON.stringify(document));
		expect(text.workflows.map(({ pointer }) => pointer)).toEqual(pointers);
		expect(text.findings).toEqual([]);
		expect(parse(document).workflows.map(({ source }) => source)).toEqual(
			pointers.map((pointer) => valueAt(document, pointer)),
		);
	});

	it('has the name of its wrapper when it has none', () => {
		expect(parse({ name: 'Outer', workflow: workflow() }).workflows[0]?.name).toBe('Outer');
		expect(parse({ name: 'Outer', workflow: workflow({ name: 'Own' }) }).workflows[0]?.name).toBe(
			'Own',
		);
	});

	it.each<[string, unknown, string]>([
		['no workflow', { a: 1 }, 'no-workflow'],
		['nothing', '', 'json-syntax'],
		['a function', () => 1, 'not-json'],
		[
			'a cycle',
			(() => {
				const a: unknown[] = [];
				a.push(a);
				return { nodes: a };
			})(),
			'json-too-deep',
		],
		['not a number', workflow({ a: Number.NaN }), 'not-json'],
		['a date', workflow({ a: new Date(0) }), 'not-json'],
		[
			'a proxy that throws',
			new Proxy(
				{},
				{
					ownKeys: () => {
						throw new Error('no');
					},
				},
			),
			'not-json',
		],
		['brackets without end', '['.repeat(1_000_000), 'json-too-deep'],
		['10,000 levels', `{"nodes":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 'json-too-deep'],
		['commas without end', `[${'1,'.repeat(600_000)}1]`, 'json-too-many-values'],
		['a large file', ' '.repeat(9 * 1024 * 1024), 'file-too-large'],
		['nodes that are no list', { nodes: 'x', connections: {} }, 'nodes-shape'],
	])('%s is named', (_, input, code) => {
		expect(codes(input)).toContain(code);
	});

	it('counts problems above the limit in the last finding', () => {
		const { findings } = parse({ nodes: Array.from({ length: 600 }, () => 1), connections: {} });
		expect(findings).toHaveLength(500);
		expect(findings.at(-1)?.message).toMatch(/and 100 more problems/);
	});
});

describe('text that is no JSON', () => {
	it.each([
		['{"nodes": [{"name": "A",}]}', 1, 25, '/nodes/0/name', 'a key in quotes'],
		['{"nodes": [1 2]}', 1, 14, '/nodes/0', 'a comma or ]'],
		['{\n\t"a": tru\n}', 2, 7, '/a', 'a value was expected'],
		['{"a": "x\ny"}', 1, 9, '/a', 'control character'],
		['{"a": "\\q"}', 1, 8, '/a', 'escape'],
		['{"a": {"b": [1', 1, 15, '/a/b/0', 'ends inside a list'],
		['{"a": "b', 1, 9, '/a', 'ends inside a string'],
		['{} {}', 1, 4, '', 'more text'],
		['{"a" 1}', 1, 6, '/a', 'colon'],
	])('%j', (text, line, column, pointer, message) => {
		expect(parse(text).findings).toMatchObject([
			{ code: 'json-syntax', line, column, pointer, message: expect.stringContaining(message) },
		]);
	});

	it('names keys that are twice, wherever, and `__proto__`', () => {
		const text = '{"nodes": [],\n "connections": {}, "a": {"b~/": 1, "c": "\\"", "b~/": 2}}';
		expect(parse(text).findings).toMatchObject([
			{ code: 'json-duplicate-key', pointer: '/a/b~0~1', line: 2 },
		]);
		const { workflows, findings } = parse('{"nodes": [], "__proto__": {"polluted": 1}}');
		expect(findings).toMatchObject([{ code: 'json-unsafe-key' }]);
		expect(workflows[0]?.settings).not.toHaveProperty('polluted');
	});

	it('is read in UTF-16 and with a byte order mark', () => {
		const text = JSON.stringify(workflow());
		expect(parse(`\uFEFF${text}`).findings).toEqual([]);
		expect(parse(Buffer.from(`\uFEFF${text}`)).workflows).toHaveLength(1);
		const utf16 = parse(Buffer.from(`\uFEFF${text}`, 'utf16le'));
		expect(utf16.workflows).toHaveLength(1);
		expect(utf16.findings).toMatchObject([{ code: 'file-encoding' }]);
		expect(codes(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toContain(
			'file-encoding',
		);
	});
});

describe('nodes of odd shapes', () => {
	const node = (more: object) =>
		parse(workflow({ nodes: [{ ...NODE, ...more }] })).workflows[0]?.nodes[0];

	it.each<[string, object, object, string]>([
		['no typeVersion', { typeVersion: undefined }, { typeVersion: 1 }, 'node-type-version'],
		['a text as typeVersion', { typeVersion: '2.1' }, { typeVersion: 2.1 }, 'node-type-version'],
		[
			'a position as object',
			{ position: { x: 5, y: -0.5 } },
			{ position: [5, -0.5] },
			'node-position',
		],
		['no position', { position: null }, { position: [0, 0] }, 'node-position'],
		['parameters as list', { parameters: [] }, { parameters: {} }, 'node-parameters'],
		['no name', { name: '' }, { name: '' }, 'node-name-missing'],
		['no type', { type: 7 }, { type: '' }, 'node-type-missing'],
		[
			'a credential as text',
			{ credentials: { a: 'b' } },
			{ credentials: [{ type: 'a', id: undefined, name: 'b', pointer: '/nodes/0/credentials/a' }] },
			'credential-shape',
		],
	])('%s', (_, given, read, code) => {
		const json = JSON.parse(
			JSON.stringify(workflow({ nodes: [{ ...NODE, ...given }] })),
		) as unknown;
		const { workflows, findings } = parse(json);
		expect(workflows[0]?.nodes[0]).toMatchObject(read);
		expect(findings).toMatchObject([{ code }]);
	});

	it('keeps fractions, flags and what it does not know', () => {
		expect(
			node({ position: [-0.5, 1e9], disabled: true, continueOnFail: true, id: 7, future: 1 }),
		).toMatchObject({
			position: [-0.5, 1e9],
			disabled: true,
			onError: 'continueRegularOutput',
			id: '7',
			source: { future: 1 },
		});
	});

	it('gives groups the names of their nodes', () => {
		const groups = [{ id: 'g', name: 'Group', nodeIds: ['1', 'gone'] }, 7];
		const { workflows, findings } = parse(
			workflow({ nodes: [{ ...NODE, id: '1' }], nodeGroups: groups }),
		);
		expect(workflows[0]?.groups).toEqual([{ id: 'g', name: 'Group', nodes: ['A', 'gone'] }]);
		expect(findings).toMatchObject([{ code: 'group-shape', pointer: '/nodeGroups/1' }]);
	});
});

describe('connections', () => {
	const edges = (connections: unknown) => parse(workflow({ connections }));

	it('are edges with pointers, over empty slots', () => {
		const { workflows, findings } = edges({
			'A/b': {
				main: [null, [], [{ node: 'B', type: 'main', index: 2 }]],
				ai_tool: [[{ node: 'C' }, null]],
			},
		});
		expect(findings).toEqual([]);
		expect(workflows[0]?.edges).toMatchObject([
			{
				pointer: '/connections/A~1b/main/2/0',
				source: 'A/b',
				sourceIndex: 2,
				target: 'B',
				targetIndex: 2,
			},
			{ sourceType: 'ai_tool', target: 'C', targetType: 'main', targetIndex: 0 },
		]);
	});

	it.each<[string, unknown, number]>([
		['an object as slot', { A: { main: [{ node: 'B', type: 'main', index: 0 }] } }, 1],
		['a list as connections', ['A'], 0],
		['a text for a source', { A: 'B' }, 0],
		['a type without slots', { A: { main: { node: 'B' } } }, 0],
		['a target without node', { A: { main: [[{ type: 'main' }]] } }, 0],
	])('%s is named', (_, connections, count) => {
		const { workflows, findings } = edges(connections);
		expect(workflows[0]?.edges).toHaveLength(count);
		expect(findings).toMatchObject([{ code: 'connections-shape' }]);
	});

	it('have limits', () => {
		const targets = Array.from({ length: 60_000 }, () => ({ node: 'A' }));
		expect(codes(workflow({ connections: { A: { main: [targets] } } }))).toEqual([
			'too-many-connections',
		]);
		expect(codes({ nodes: Array.from({ length: 10_001 }, () => 0) })).toContain('too-many-nodes');
	});
});

describe('the published templates', () => {
	it('are all read, without an error but nodes without names, and quickly', async () => {
		const templates = await loadTemplates();
		for (const { text } of templates.slice(0, 300)) parse(text);
		const times: number[] = [];
		const broken: number[] = [];
		for (const { id, text } of templates) {
			const start = performance.now();
			const { workflows, findings } = parse(text);
			times.push(performance.now() - start);
			const errors = findings.filter(
				({ severity, code }) => severity === 'error' && code !== 'node-name-missing',
			);
			if (workflows.length !== 1 || errors.length > 0) broken.push(id);
		}
		expect(broken).toEqual([]);
		// the median does not mind what else the machine does; p95 is in the bench
		const median = times.sort((left, right) => left - right)[times.length >> 1];
		expect(median).toBeLessThan(forThisMachine(1));
	});
});
