import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse, valueAt, type Json, type JsonObject } from '@autopilot/workflow-kit';
import { contentOf } from '../src/content/content.ts';
import { environmentsSchema, readEnvironment, readEnvironmentRules } from '../src/environments.ts';
import { asWorkflowFiles, leavesFirst } from '../src/index.ts';
import { checkPolicies, POLICY_TEXTS, policyFindings } from '../src/policies.ts';
import { errorHandler, hook, type Sample } from './workflows.ts';

const prod = {
	url: 'https://n8n.shop.example/',
	apiKeyVariable: 'N8N_PROD_API_KEY',
	policies: {
		...{
			pinnedData: 'forbid',
			testUrls: 'forbid',
			errorWorkflow: 'require',
			timeLimitSeconds: 300,
		},
		forbiddenNodes: ['n8n-nodes-base.ssh'],
		exemptions: [
			{
				workflow: 'old',
				policy: 'errorWorkflow',
				reason: 'is rebuilt until then',
				until: '2026-06-30',
			},
		],
	},
};
const read = (settings: object, variables: Record<string, string> = { N8N_PROD_API_KEY: 'k3y' }) =>
	readEnvironment(JSON.stringify({ environments: { prod: settings } }), 'prod', variables);

describe('environments.json', () => {
	it('takes the key from the variable it names', () => {
		expect(read(prod)).toMatchObject({
			name: 'prod',
			url: 'https://n8n.shop.example',
			apiKey: 'k3y',
		});
		expect(() => read(prod, {})).toThrow(/N8N_PROD_API_KEY, which is not set/);
	});

	it.each([
		['a key', { ...prod, apiKey: 'eyJhbGciOi' }],
		['the value in place of the name', { ...prod, apiKeyVariable: 'eyJhbGciOi' }],
		['a password in the URL', { ...prod, url: 'https://me:s3cret@n8n.shop.example' }],
	])('holds no secrets: %s is refused, and not repeated', (_what, settings) => {
		const refused = () => read(settings);
		expect(refused).toThrow(/environments\.json/);
		expect(refused).not.toThrow(/eyJhbGciOi|s3cret/);
	});

	it('has its schema beside it', () => {
		const file = new URL('../environments.schema.json', import.meta.url);
		expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(
			JSON.parse(JSON.stringify(environmentsSchema())),
		);
	});
});

describe('policies', () => {
	const { policies } = read(prod);
	const codes = (sample: Sample, { pinned = false, today = '2026-01-01' } = {}) =>
		policyFindings({ ...fileOf(sample), pinned }, policies, 'prod', today).map(({ code, node }) =>
			node === undefined ? code : `${code} at ${node}`,
		);
	const fileOf = (sample: Sample) => {
		const source: JsonObject = JSON.parse(JSON.stringify(sample));
		return { id: sample.id, pointer: '', source, content: contentOf(source) };
	};
	const fine = hook('fine', 'one', { settings: { errorWorkflow: 'e' } });

	it('pass what keeps them, and an error workflow without an error workflow', () => {
		expect(codes(fine)).toEqual([]);
		const handler = errorHandler('e');
		expect(codes({ ...handler, settings: { executionTimeout: 60 } })).toEqual([]);
	});

	it('find pinned data, test addresses, forbidden nodes, no time limit, no error workflow', () => {
		expect(codes(fine, { pinned: true })).toEqual(['policy-pinnedData']);
		expect(
			codes(hook('a', 'see http://127.0.0.1:4001/x', { settings: { errorWorkflow: 'e' } })),
		).toEqual(['policy-testUrls at Say']);
		expect(codes({ ...fine, settings: { errorWorkflow: 'e', executionTimeout: 301 } })).toEqual([
			'policy-timeLimit',
		]);
		expect(codes(hook('b', 'one'))).toEqual(['policy-errorWorkflow']);
		const [first, ...rest] = fine.nodes;
		expect(codes({ ...fine, nodes: [...rest, { ...first, type: 'n8n-nodes-base.ssh' }] })).toEqual([
			'policy-forbiddenNodes at Hook',
		]);
	});

	it('say where in a document it is, after the addresses of the environment', () => {
		const text = JSON.stringify([
			{ ...fine, pinData: { Hook: [] } },
			hook('b', 'see http://store.test/x and http://localhost:4002'),
		]);
		const { policies: asked, bindings } = readEnvironmentRules(
			JSON.stringify({
				environments: {
					prod: { ...prod, bindings: { urls: { 'http://store.test': 'https://shop.example' } } },
				},
			}),
			'prod',
		);
		const found = checkPolicies(
			parse(text),
			{ name: 'prod', bindings, policies: asked },
			'2026-01-01',
		);
		const parsed: Json = JSON.parse(text);
		expect(found.map(({ code, pointer }) => [code, pointer])).toEqual([
			['policy-pinnedData', '/0/pinData'],
			['policy-errorWorkflow', '/1/settings'],
			['policy-testUrls', expect.stringMatching(/^\/1\/nodes\/\d\/parameters\//)],
		]);
		expect(valueAt(parsed, found[2]?.pointer ?? '')).toContain('http://localhost:4002');
		expect(found[2]?.message).toContain('http://localhost');
		expect(found.every(({ code }) => POLICY_TEXTS.has(code))).toBe(true);
	});

	it('let an exemption hold until its last day', () => {
		const old = hook('old', 'one');
		expect(codes(old, { today: '2026-06-30' })).toEqual([]);
		expect(codes(old, { today: '2026-07-01' })).toEqual(['policy-errorWorkflow']);
	});
});

describe('files', () => {
	const files = (...texts: string[]) =>
		asWorkflowFiles(
			texts.map((text, index) => ({ path: `${index}.json`, text })),
			{ origin: 'here', revision: undefined },
		);

	it.each([
		['half a file', '{"id": "a", "nodes": ['],
		['no workflow', '{"hello": true}'],
		['no id', JSON.stringify({ ...hook('a', 'one'), id: undefined })],
		[
			'an id that n8n does not keep',
			JSON.stringify(hook('a-name-that-is-longer-than-n8n-allows', 'one')),
		],
		[
			'a name twice',
			JSON.stringify({
				...hook('a', 'one'),
				nodes: [...hook('a', 'one').nodes, hook('a', 'one').nodes[0]],
			}),
		],
	])('that hold %s are broken', (_what, text) => {
		const { workflows, broken } = files(text);
		expect(workflows).toEqual([]);
		expect(broken.map((one) => [one.path, one.findings.length > 0])).toEqual([['0.json', true]]);
	});

	it('that have the same id are broken', () => {
		const text = JSON.stringify(hook('a', 'one'));
		expect(files(text, text).broken.map(({ path }) => path)).toEqual(['1.json']);
	});
});

it('orders workflows after what they need, also those that call each other', () => {
	const order = (items: Record<string, string[]>) =>
		leavesFirst(Object.entries(items).map(([id, needs]) => ({ id, needs }))).map(({ id }) => id);
	expect(order({ a: ['c', 'd'], b: [], c: ['d'], d: [] })).toEqual(['d', 'c', 'a', 'b']);
	expect(order({ a: ['b'], b: ['a'] }).sort()).toEqual(['a', 'b']);
});
