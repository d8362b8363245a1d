import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { IDataObject } from 'n8n-workflow';
import { type FakeService, problem, startFakeService } from '../harness/fake-service.ts';
import { type Engine, startEngine } from '@autopilot/workflow-test';
import { credentialsFor, itemsOf, nodeRun, type TestNode, workflowWith } from './workflow.ts';

let engine: Engine;
let service: FakeService;

beforeAll(async () => {
	[engine, service] = await Promise.all([startEngine(), startFakeService()]);
});

afterEach(() => {
	service.received.length = 0;
});

afterAll(async () => {
	await engine.stop();
	await service.close();
});

const GET_PRODUCT = {
	resource: 'product',
	operation: 'get',
	productId: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
};
const CREATE_LIST = { resource: 'list', operation: 'create', name: '={{ $json.name }}' };

async function run(node: TestNode, items: IDataObject[], credentials = credentialsFor(service)) {
	return await engine.call('run', {
		workflow: workflowWith(node),
		startNode: 'Start',
		items,
		credentials,
	});
}

describe('a request that a service refuses', () => {
	it('stops the execution with what was wrong, where, and what to do', async () => {
		service.on('POST /api/lists', () =>
			problem(422, 'validation_failed', 'The list is not valid.', [
				{ pointer: '/name', detail: 'Too short' },
			]),
		);
		const { error, status } = await run({ type: 'marketingSuite', parameters: CREATE_LIST }, [
			{ name: 'a' },
		]);

		expect(status).toBe('error');
		expect(error).toMatchObject({
			name: 'NodeApiError',
			message: 'Marketing Suite: The list is not valid.',
			httpCode: '422',
			itemIndex: 0,
		});
		expect(error?.description).toContain('/name: Too short');
		expect(error?.description).toContain('Correct the fields named above');
		expect(error?.description).toContain('validation_failed');
		expect(error?.description).toContain('Correlation ID: corr-1');
	});

	it('names the API key when the key is refused', async () => {
		const credentials = credentialsFor({ ...service, apiKey: 'wrong' });
		const { error } = await run(
			{ type: 'store', parameters: GET_PRODUCT },
			[{ id: 'p1' }],
			credentials,
		);

		expect(error?.httpCode).toBe('401');
		expect(error?.description).toContain('API key in the credential');
	});

	it('advises a retry when the service itself has failed', async () => {
		service.on('GET /api/v1/products/p1', () => ({ status: 503, body: {} }));
		const { error } = await run({ type: 'store', parameters: GET_PRODUCT }, [{ id: 'p1' }]);

		expect(error?.description).toContain('Retry On Fail');
	});

	it('reads the problem of a download too', async () => {
		service.on('GET /api/v1/video/download/v1', () =>
			problem(404, 'video_not_found', 'There is no video v1.'),
		);
		const parameters = { resource: 'video', operation: 'download', taskId: 'v1' };
		const { error } = await run({ type: 'videoFactory', parameters }, [{}]);

		expect(error?.message).toBe('Video Factory: There is no video v1.');
	});
});

describe('a service that does not answer', () => {
	it('is named with its address and the command that shows its state', async () => {
		// The fake service holds its port on another address, so that nobody can listen here.
		const gone = { ...service, url: service.url.replace('127.0.0.1', '127.0.0.77') };
		const { error } = await run(
			{ type: 'store', parameters: GET_PRODUCT },
			[{ id: 'p1' }],
			credentialsFor(gone),
		);

		expect(error?.message).toBe('Store could not be reached');
		expect(error?.description).toContain(gone.url);
		expect(error?.description).toContain('autopilot status');
	});
});

describe('continue on fail', () => {
	const refuseSecond = () => {
		service.on('GET /api/v1/products/p1', () => ({ body: { id: 'p1' } }));
		service.on('GET /api/v1/products/p2', () => problem(404, 'not_found', 'No product p2.'));
		service.on('GET /api/v1/products/p3', () => ({ body: { id: 'p3' } }));
	};
	const items = [{ id: 'p1' }, { id: 'p2' }, { id: 'p3' }];

	it('puts an error item in the place of the item that failed', async () => {
		refuseSecond();
		const result = await run(
			{ type: 'store', parameters: GET_PRODUCT, onError: 'continueRegularOutput' },
			items,
		);

		expect(result.status).toBe('success');
		expect(itemsOf(result)).toEqual([
			{ id: 'p1' },
			{
				error: 'Store: No product p2.',
				details: { description: expect.stringContaining('Check the ID'), httpCode: '404' },
			},
			{ id: 'p3' },
		]);
		expect(nodeRun(result).outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
	});

	it('routes it to the error output where there is one', async () => {
		refuseSecond();
		const result = await run(
			{ type: 'store', parameters: GET_PRODUCT, onError: 'continueErrorOutput' },
			items,
		);

		expect(itemsOf(result)).toEqual([{ id: 'p1' }, { id: 'p3' }]);
		expect(itemsOf(result, 1)).toMatchObject([{ id: 'p2', error: 'Store: No product p2.' }]);
	});
});

describe('what the user has filled in', () => {
	it('is checked before anything is sent', async () => {
		const parameters = { resource: 'template', operation: 'preview', data: '{"a": ' };
		const { error } = await run(
			{
				type: 'marketingSuite',
				parameters: { ...parameters, templateId: { __rl: true, mode: 'id', value: 't1' } },
			},
			[{}],
		);

		expect(error?.message).toBe('The field "Data" is not valid JSON');
		expect(error?.description).toContain('Write an object');
		expect(service.received).toHaveLength(0);
	});

	it('may not leave an ID empty', async () => {
		const { error } = await run({ type: 'store', parameters: GET_PRODUCT }, [{ id: '' }]);

		expect(error?.message).toBe('The field "Product" is not valid');
		expect(service.received).toHaveLength(0);
	});
});

describe('idempotency keys', () => {
	const keys = () => service.to('POST /api/lists').map(({ headers }) => headers['idempotency-key']);

	it('differ per item and stay the same when n8n retries the node', async () => {
		let calls = 0;
		service.on('POST /api/lists', () =>
			(calls += 1) === 2 ? { status: 503, body: {} } : { status: 201, body: { id: 'l' } },
		);
		const result = await run(
			{ type: 'marketingSuite', parameters: CREATE_LIST, retryOnFail: true },
			[{ name: 'a' }, { name: 'b' }],
		);

		expect(result.status).toBe('success');
		const [first, second, ...again] = keys();
		expect(first).not.toBe(second);
		expect(again).toEqual([first, second]);
	});

	it('are what the user says, in characters that a header can carry', async () => {
		service.on('POST /api/lists', () => ({ status: 201, body: { id: 'l' } }));
		const options = { idempotencyKey: '=order {{ $json.name }}', correlationId: 'launch-1' };
		await run({ type: 'marketingSuite', parameters: { ...CREATE_LIST, options } }, [{ name: 'ü' }]);

		expect(keys()).toEqual(['order%20%C3%BC']);
		expect(service.received[0]?.headers['x-correlation-id']).toBe('launch-1');
	});

	it('may not be the same for two items, which would be one command', async () => {
		service.on('POST /api/lists', () => ({ status: 201, body: { id: 'l' } }));
		const { error } = await run(
			{
				type: 'marketingSuite',
				parameters: { ...CREATE_LIST, options: { idempotencyKey: 'same' } },
			},
			[{ name: 'a' }, { name: 'b' }],
		);

		expect(error?.message).toBe('Two items have the same idempotency key');
		expect(keys()).toEqual(['same']);
	});
});
