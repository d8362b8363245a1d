import { describe, expect, it } from '@jest/globals';
import { parse, requirementsOf, type JsonObject } from '../src/index.ts';
import { NODE_RELEASES, RELEASES } from '../src/facts/node-releases.ts';
import { compareReleases, firstRelease } from '../src/facts/releases.ts';
import { n8nFacts } from './n8n-facts.ts';
import { loadTemplates } from './templates.ts';

const node = (name: string, type: string, parameters: JsonObject, more: JsonObject = {}) => ({
	...{ name, type, typeVersion: 1, position: [0, 0], parameters },
	...more,
});
const needs = (nodes: JsonObject[], settings: JsonObject = {}) =>
	requirementsOf(parse({ nodes, connections: {}, settings }).workflows);

describe('requirements', () => {
	it('are types, packages, credentials and services', () => {
		const found = needs([
			node(
				'Sheet',
				'n8n-nodes-base.googleSheetsTool',
				{},
				{ credentials: { googleApi: { id: '1', name: 'G' } } },
			),
			node('Mine', '@acme/n8n-nodes-acme.thing', {}),
			node('Mine too', '@acme/n8n-nodes-acme.thing', {}, { typeVersion: 2 }),
			node('Note', 'n8n-nodes-base.stickyNote', { content: 'https://note.example.com' }),
		]);
		expect(found).toMatchObject({
			nodeTypes: [
				{ type: '@acme/n8n-nodes-acme.thing', versions: [1, 2], count: 2 },
				{ type: 'n8n-nodes-base.googleSheetsTool', versions: [1], count: 1 },
			],
			communityPackages: [
				{ name: '@acme/n8n-nodes-acme', nodeTypes: ['@acme/n8n-nodes-acme.thing'] },
			],
			credentials: [{ type: 'googleApi', names: ['G'], nodes: ['Sheet'] }],
			services: ['googleSheets', 'thing'],
			domains: [],
		});
	});

	it('are other workflows, tables, variables, the environment and hosts', () => {
		const found = needs(
			[
				node('Call', 'n8n-nodes-base.executeWorkflow', {
					workflowId: { __rl: true, mode: 'list', value: 'sub1' },
				}),
				node('Tool', '@n8n/n8n-nodes-langchain.toolWorkflow', {
					workflowId: { value: '={{ $json.id }}' },
				}),
				node('Rows', 'n8n-nodes-base.dataTable', {
					dataTableId: { __rl: true, mode: 'name', value: 'failures' },
				}),
				node('Http', 'n8n-nodes-base.httpRequest', {
					url: '=https://API.example.com:8443/{{ $vars.region }}/{{ $env["STAGE"] }}',
					other: 'see https://user@docs.example.org/x, ://nothing and http://localhost',
				}),
			],
			{ errorWorkflow: 'on-error' },
		);
		expect(found).toMatchObject({
			workflows: [
				{ workflow: 'sub1', use: 'sub-workflow', nodes: ['Call'] },
				{ workflow: 'on-error', use: 'error workflow' },
			],
			dataTables: [{ table: 'failures', nodes: ['Rows'] }],
			variables: [{ name: 'region', nodes: ['Http'] }],
			environment: [{ name: 'STAGE', nodes: ['Http'] }],
			domains: [{ domain: 'api.example.com' }, { domain: 'docs.example.org' }],
		});
	});

	it('are the least n8n that has the nodes, and which of them ask for it', () => {
		const set = (typeVersion: number) =>
			node(`Set ${typeVersion}`, 'n8n-nodes-base.set', {}, { typeVersion });
		expect(needs([set(1), set(2)]).leastN8nVersion).toEqual({
			version: RELEASES[0],
			because: [],
			unknown: [],
		});
		const { leastN8nVersion } = needs([
			set(1),
			set(3.4),
			node('Agent', '@n8n/n8n-nodes-langchain.agent', {}, { typeVersion: 1.6 }),
			node('Table', 'n8n-nodes-base.dataTable', {}),
		]);
		expect(leastN8nVersion).toMatchObject({
			because: [{ node: 'Table', type: 'n8n-nodes-base.dataTable', typeVersion: 1 }],
			unknown: [],
		});
		// Data tables came in the autumn of 2025, between 1.100 and 2.0.
		expect(leastN8nVersion.version).toMatch(/^1\.1[12]\d\./);
		expect(leastN8nVersion.after).toMatch(/^1\.1[012]\d\./);
	});

	it('say which nodes no release of n8n is known to have', () => {
		const { leastN8nVersion } = needs([
			node('Mine', 'n8n-nodes-acme.thing', {}),
			node('Far', 'n8n-nodes-base.set', {}, { typeVersion: 99 }),
			node('Trap', 'constructor', {}),
		]);
		expect(leastN8nVersion).toEqual({
			version: undefined,
			after: undefined,
			because: [],
			unknown: [
				{ type: 'constructor', typeVersion: 1 },
				{ type: 'n8n-nodes-acme.thing', typeVersion: 1 },
				{ type: 'n8n-nodes-base.set', typeVersion: 99 },
			],
		});
	});

	it('know a release for each node of the n8n that the tests have', () => {
		const facts = n8nFacts();
		const missing = Object.keys(NODE_RELEASES).flatMap((type) =>
			facts
				.versionsOf(type)
				.filter((version) => firstRelease(type, version) === undefined)
				.map((version) => `${type} ${version}`),
		);
		expect(missing).toEqual([]);
		expect(RELEASES.toSorted(compareReleases)).toEqual(RELEASES);
	});

	it('of all published templates', async () => {
		const templates = await loadTemplates();
		const found = requirementsOf(templates.flatMap(({ text }) => parse(text).workflows));
		expect(found.nodeTypes.length).toBeGreaterThan(500);
		expect(found.communityPackages.length).toBeGreaterThan(50);
		expect(found.leastN8nVersion.version).toMatch(/^2\.\d+\.\d+$/);
		expect(found.domains.map(({ domain }) => domain)).toContain('api.openai.com');
	});
});
