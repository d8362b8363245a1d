import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { IDataObject } from 'n8n-workflow';
import { type Engine, startEngine } from '@autopilot/workflow-test';
import { type FakeService, problem, startFakeService } from '../harness/fake-service.ts';
import { credentialsFor, itemsOf, type TestNode, workflowWith } from './workflow.ts';

// As n8n's engine runs a tool that an AI agent has called: its type ends in "Tool", its item has the arguments.

let engine: Engine;
let service: FakeService;

beforeAll(async () => {
	[engine, service] = await Promise.all([startEngine(), startFakeService()]);
});
afterAll(async () => {
	await engine.stop();
	await service.close();
});

const run = (node: TestNode, item: IDataObject) =>
	engine.call('run', {
		workflow: workflowWith(node),
		...{ startNode: 'Start', items: [item], credentials: credentialsFor(service) },
	});
const GET_PRODUCT = {
	...{ resource: 'product', operation: 'get' },
	productId: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
};

describe('a node as a tool of an AI agent', () => {
	it('says what went wrong and what to do, unless it is set to stop the workflow', async () => {
		service.on('GET /api/v1/products/p1', () => problem(404, 'not_found', 'There is no p1.'));
		const tool = { type: 'storeTool', parameters: GET_PRODUCT };
		expect(itemsOf(await run(tool, { id: 'p1' }))).toMatchObject([
			{
				error: 'Store: There is no p1.',
				details: { description: expect.stringContaining('Check the ID'), httpCode: '404' },
			},
		]);
		const { status } = await run({ ...tool, onError: 'stopWorkflow' }, { id: 'p1' });
		expect(status).toBe('error');
	});

	it('says in words that it found nothing', async () => {
		service.on('GET /api/v1/products', () => ({ body: { data: [], nextCursor: null } }));
		const parameters = { resource: 'product', operation: 'getAll', returnAll: true };
		const nothing = [{ result: 'Nothing was found.' }];
		expect(itemsOf(await run({ type: 'storeTool', parameters }, {}))).toEqual(nothing);
		expect(itemsOf(await run({ type: 'store', parameters }, {}))).toEqual([]);
	});

	it('asks until long work has ended, without putting the agent to sleep', async () => {
		service.on('POST /api/v1/scrapes', () => ({ status: 202, body: { id: 's1' } }));
		service.on('GET /api/v1/scrapes/s1', () => ({ body: { id: 's1', status: 'succeeded' } }));
		const parameters = {
			...{ resource: 'scrape', operation: 'create', urls: '={{ $json.url }}' },
			waitForCompletion: 'resumeUrl',
		};
		const result = await run({ type: 'researchBotTool', parameters }, { url: 'http://a' });
		expect(itemsOf(result)).toMatchObject([{ id: 's1', status: 'succeeded' }]);
		expect(service.to('POST /api/v1/scrapes')[0]?.body).not.toHaveProperty('callback');
	});

	it.each([true, false])('gives a license that is valid: %s in its one output', async (valid) => {
		service.on('POST /api/v1/licenses/validate', () => ({ body: { valid, code: 'any' } }));
		const parameters = { key: '={{ $json.key }}', resultField: 'license' };
		const result = await run({ type: 'licenseTool', parameters }, { key: 'AP-1', question: '?' });
		expect(itemsOf(result)).toEqual([{ license: { valid, code: 'any' } }]);
	});
});
