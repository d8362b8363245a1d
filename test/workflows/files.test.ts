import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { services } from '@autopilot/stack';
import { z } from 'zod';
import type { PackageDescription } from '../harness/engine-protocol.ts';
import { n8nModules } from '../harness/n8n-core.ts';
import { type Engine, startEngine } from '../harness/run-workflow.ts';
import { readWorkflows, type WorkflowNode } from './files.ts';

const OURS = 'n8n-nodes-autopilot.';
const THEIRS = 'n8n-nodes-base.';
const option = z.looseObject({ value: z.unknown() });
const property = z.looseObject({
	name: z.string(),
	options: z.array(z.unknown()).optional(),
	displayOptions: z.looseObject({ show: z.record(z.string(), z.array(z.unknown())) }).optional(),
});
const versioned = z.looseObject({
	name: z.string(),
	version: z.union([z.number(), z.array(z.number())]),
});
const nodeType = versioned.extend({ properties: z.array(property) });

let engine: Engine;
let ours: PackageDescription;
let theirs: z.output<typeof versioned>[];

beforeAll(async () => {
	engine = await startEngine();
	ours = await engine.call('describe', {});
	const file = path.join(n8nModules(), 'n8n-nodes-base', 'dist', 'types', 'nodes.json');
	theirs = z.array(versioned).parse(JSON.parse(readFileSync(file, 'utf8')));
}, 60_000);
afterAll(() => engine.stop());

const workflows = [...readWorkflows()];
const nodes = workflows.flatMap(([id, { nodes: all }]) => all.map((node) => ({ id, node })));

function versionsOf(type: string): number[] {
	const found = type.startsWith(OURS)
		? [nodeType.parse(ours.nodes[type])]
		: theirs.filter(({ name }) => `${THEIRS}${name}` === type || name === type);
	return found.flatMap(({ version }) => version);
}

/** Values that a resource or operation may have, given the node's other parameters. */
function choices(node: WorkflowNode, name: string): unknown[] {
	return nodeType
		.parse(ours.nodes[node.type])
		.properties.filter((one) => one.name === name)
		.filter((one) =>
			Object.entries(one.displayOptions?.show ?? {}).every(([other, allowed]) =>
				allowed.includes(node.parameters[other]),
			),
		)
		.flatMap(({ options = [] }) => options.map((one) => option.parse(one).value));
}

describe.each(workflows)('workflows/%s.json', (id, workflow) => {
	it('is named by its id, and its nodes by unique names and ids', () => {
		expect(workflow.id).toBe(id);
		const names = workflow.nodes.map(({ name }) => name);
		expect(new Set(names).size).toBe(names.length);
		expect(new Set(workflow.nodes.map((node) => node.id)).size).toBe(names.length);
	});

	it('connects only nodes that exist, and leaves none unreached', () => {
		const names = workflow.nodes.map(({ name }) => name);
		const targets = Object.values(workflow.connections).flatMap(({ main }) =>
			main.flat().map(({ node }) => node),
		);
		expect(names).toEqual(
			expect.arrayContaining([...Object.keys(workflow.connections), ...targets]),
		);
		const unreached = workflow.nodes.filter(
			({ name, type }) => !targets.includes(name) && !/(Trigger|stickyNote)$/.test(type),
		);
		expect(unreached).toEqual([]);
	});

	it('explains itself in a sticky note', () => {
		const notes = workflow.nodes.filter(({ type }) => type === `${THEIRS}stickyNote`);
		expect(notes.length).toBeGreaterThan(0);
	});

	it('hands its errors to a workflow of the repository', () => {
		const starts = workflow.nodes.map(({ type }) => type);
		if (starts.includes(`${THEIRS}errorTrigger`)) return;
		const handler = readWorkflows().get(workflow.settings.errorWorkflow ?? '');
		expect(handler?.nodes.map(({ type }) => type)).toContain(`${THEIRS}errorTrigger`);
	});
});

describe.each(nodes)('$id: $node.name', ({ node }) => {
	it('is of a type and version that n8n has', () => {
		expect(versionsOf(node.type)).toContain(node.typeVersion);
	});

	it('has code that fits on a screen, and no secret', () => {
		const code = z.object({ jsCode: z.string() }).safeParse(node.parameters).data?.jsCode ?? '';
		expect(code.split('\n').length).toBeLessThanOrEqual(20);
		expect(JSON.stringify(node)).not.toMatch(
			/sk_(live|test)_|ap_[A-Za-z0-9]{30}|Bearer |password/i,
		);
	});
});

const own = nodes.filter(({ node }) => node.type.startsWith(OURS));

describe.each(own)('$id: $node.name', ({ node }) => {
	it('is set to a resource and operation that the node has', () => {
		if (/Trigger$/.test(node.type)) {
			const events = choices(node, 'events');
			expect(events).toEqual(
				expect.arrayContaining(z.array(z.string()).parse(node.parameters.events)),
			);
			expect(node.webhookId).toBeDefined();
			return;
		}
		expect(choices(node, 'resource')).toContain(node.parameters.resource);
		expect(choices(node, 'operation')).toContain(node.parameters.operation);
	});

	it('uses the credential that the stack makes', () => {
		const made = services.map(({ credential: { id, name, type } }) => ({ [type]: { id, name } }));
		expect(made).toContainEqual(node.credentials);
	});

	it('sets only parameters that the node has', () => {
		const known = nodeType.parse(ours.nodes[node.type]).properties.map(({ name }) => name);
		expect(known).toEqual(expect.arrayContaining(Object.keys(node.parameters)));
	});
});
