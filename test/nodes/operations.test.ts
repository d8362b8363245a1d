import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import { type FakeService, startFakeService } from '../harness/fake-service.ts';
import { type Engine, startEngine } from '@autopilot/workflow-test';
import { OPERATIONS } from './operations.ts';
import { credentialsFor, itemsOf, workflowWith } from './workflow.ts';

let engine: Engine;
let service: FakeService;

beforeAll(async () => {
	[engine, service] = await Promise.all([startEngine(), startFakeService()]);
});

afterAll(async () => {
	await engine.stop();
	await service.close();
});

async function run(type: string, parameters: INodeParameters) {
	return await engine.call('run', {
		workflow: workflowWith({ type, parameters }),
		startNode: 'Start',
		credentials: credentialsFor(service),
	});
}

describe('every operation makes its call', () => {
	it.each(OPERATIONS)('$node $resource $operation', async (example) => {
		const { node, resource, operation, parameters, route, body, query } = example;
		service.on(route, () => ({ body: { id: 'done', data: [{ id: 'one' }], nextCursor: null } }));
		const waits = ['create', 'generate', 'send'].includes(operation) ? 'none' : undefined;
		const result = await run(node, {
			resource,
			operation,
			...(waits ? { waitForCompletion: waits } : {}),
			...parameters,
		});

		const [call] = service.to(route).slice(-1);
		expect(result.error).toBeUndefined();
		expect(call?.body).toEqual(body);
		expect(call?.query).toMatchObject(query ?? {});
		expect(itemsOf(result)).not.toHaveLength(0);
	});

	it('sends an idempotency key with what changes something, and with nothing else', () => {
		const calls = service.received.filter(({ path }) => !/\/(preview|validate)$/.test(path));
		const reads = calls.filter(({ method, query }) => method === 'GET' || query.dryRun);
		const commands = calls.filter((call) => !reads.includes(call));

		expect(commands.length).toBeGreaterThan(25);
		expect(commands.map(({ headers }) => headers['idempotency-key'])).not.toContain(undefined);
		expect(new Set(reads.map(({ headers }) => headers['idempotency-key']))).toEqual(
			new Set([undefined]),
		);
	});
});

describe('the table of examples', () => {
	it('has every operation the nodes offer', async () => {
		const { nodes } = await engine.call('describe', {});
		const offered = Object.entries(nodes).flatMap(([type, description]) => {
			const properties = Array.isArray(description.properties) ? description.properties : [];
			return properties
				.filter(({ name }: { name: string }) => name === 'operation')
				.flatMap(({ displayOptions, options }: Selector) =>
					options.map(
						({ value }) =>
							`${type.split('.')[1]} ${displayOptions.show.resource[0]} ${String(value)}`,
					),
				);
		});
		const examples = OPERATIONS.map(
			({ node, resource, operation }) => `${node} ${resource} ${operation}`,
		);
		// needs a file, see files.test.ts
		examples.push('videoFactory image upload');
		expect([...new Set(examples)].sort()).toEqual(offered.sort());
	});
});

interface Selector {
	displayOptions: { show: { resource: string[] } };
	options: { value: string }[];
}
