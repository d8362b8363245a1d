import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PackageDescription } from '@autopilot/workflow-test';
import { type Engine, startEngine } from '@autopilot/workflow-test';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

let engine: Engine;
let description: PackageDescription;

beforeAll(async () => {
	engine = await startEngine();
	description = await engine.call('describe', {});
});

afterAll(async () => {
	await engine.stop();
});

/** `nodes/Store/Store.node.ts` -> `dist/nodes/Store/Store.node.js` */
const compiled = (pattern: string): string[] =>
	globSync(pattern, { cwd: ROOT }).map((path) => `dist/${path.replace(/\.ts$/, '.js')}`);

const nodes = () => Object.entries(description.nodes);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

describe('the package', () => {
	it('lists every node and every credential there is', () => {
		expect([...manifest.n8n.nodes].sort()).toEqual(compiled('nodes/*/*.node.ts').sort());
		expect([...manifest.n8n.credentials].sort()).toEqual(
			compiled('credentials/*.credentials.ts').sort(),
		);
	});

	it('keeps the types that workflows name', () => {
		expect(Object.keys(description.nodes).sort()).toEqual([
			'n8n-nodes-autopilot.license',
			'n8n-nodes-autopilot.marketingSuite',
			'n8n-nodes-autopilot.marketingSuiteTrigger',
			'n8n-nodes-autopilot.researchBot',
			'n8n-nodes-autopilot.researchBotTrigger',
			'n8n-nodes-autopilot.store',
			'n8n-nodes-autopilot.storeTrigger',
			'n8n-nodes-autopilot.videoFactory',
			'n8n-nodes-autopilot.videoFactoryTrigger',
		]);
		expect(Object.keys(description.credentials).sort()).toEqual([
			'autopilotMarketingSuiteApi',
			'autopilotResearchBotApi',
			'autopilotStoreApi',
			'autopilotVideoFactoryApi',
		]);
	});

	it('has no dependencies at run time', () => {
		expect(manifest.dependencies ?? {}).toEqual({});
		expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
	});

	it('has a codex file with aliases for every node', () => {
		for (const path of globSync('nodes/*/*.node.ts', { cwd: ROOT })) {
			const codex = JSON.parse(readFileSync(join(ROOT, path.replace(/\.ts$/, '.json')), 'utf8'));
			const name = basename(path, '.node.ts');
			expect(codex.node).toBe(`n8n-nodes-autopilot.${name[0]?.toLowerCase()}${name.slice(1)}`);
			expect(codex.alias).toContain('Autopilot');
		}
	});
});

describe('every node', () => {
	it('has a light and a dark icon that exist', () => {
		const icons = [...nodes(), ...Object.entries(description.credentials)].map(
			([, { icon, iconUrl }]) => icon ?? iconUrl,
		);
		expect(icons).toHaveLength(13);
		for (const icon of icons) {
			for (const theme of ['light', 'dark'] as const) {
				const path = text(Object.entries(icon ?? {}).find(([name]) => name === theme)?.[1]);
				const file = path.match(/icons\/[\w.]+\.svg$/)?.[0] ?? 'no icon';
				expect(existsSync(join(ROOT, file))).toBe(true);
			}
		}
	});

	it('can be an AI tool unless it is a trigger', () => {
		for (const [type, { usableAsTool }] of nodes()) {
			expect([type, usableAsTool === true]).toEqual([type, !type.endsWith('Trigger')]);
		}
	});

	it('takes the credential of its own service', () => {
		for (const [type, { credentials }] of nodes()) {
			// the license gate asks the store
			const [, name = ''] = type
				.replace(/Trigger$/, '')
				.replace('license', 'store')
				.split('.');
			const expected = `autopilot${name[0]?.toUpperCase()}${name.slice(1)}Api`;
			expect(credentials).toEqual([{ name: expected, required: true }]);
		}
	});

	it('gives each operation an action and a description', () => {
		for (const [type, { properties }] of nodes()) {
			const selectors = Array.isArray(properties)
				? properties.filter(({ name }: { name: string }) => name === 'operation')
				: [];
			for (const { options } of selectors) {
				for (const { action, description: told } of options) {
					expect([type, action, told]).not.toContain(undefined);
				}
			}
		}
	});
});

describe('every credential', () => {
	it('is tested against a route that needs a valid key', () => {
		for (const credential of Object.values(description.credentials)) {
			expect(credential.test).toEqual({
				request: { baseURL: '={{$credentials.baseUrl}}', url: '/api/v1/whoami' },
			});
			expect(credential.authenticate).toEqual({
				type: 'generic',
				properties: { headers: { Authorization: '=Bearer {{$credentials.apiKey}}' } },
			});
		}
	});
});
