import { describe, expect, it } from '@jest/globals';
import { parse, requirementsOf, type JsonObject } from '../src/index.ts';
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

	it('of all published templates', async () => {
		const templates = await loadTemplates();
		const found = requirementsOf(templates.flatMap(({ text }) => parse(text).workflows));
		expect(found.nodeTypes.length).toBeGreaterThan(500);
		expect(found.communityPackages.length).toBeGreaterThan(50);
		expect(found.domains.map(({ domain }) => domain)).toContain('api.openai.com');
	});
});
