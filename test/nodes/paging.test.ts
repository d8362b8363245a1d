import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import { type FakeService, startFakeService } from '../harness/fake-service.ts';
import { type Engine, startEngine } from '@autopilot/workflow-test';
import { credentialsFor, itemsOf, workflowWith } from './workflow.ts';

let engine: Engine;
let service: FakeService;

/** 250 products, handed out in pages by cursor. */
function offerProducts(): void {
	service.on('GET /api/v1/products', ({ query }) => {
		const start = Number(query.cursor ?? 0);
		const end = Math.min(250, start + Number(query.limit));
		const data = Array.from({ length: end - start }, (_, index) => ({
			id: `p${start + index}`,
			title: `Lamp ${start + index}`,
			status: 'draft',
		}));
		return { body: { data, nextCursor: end < 250 ? String(end) : null } };
	});
}

beforeAll(async () => {
	[engine, service] = await Promise.all([startEngine(), startFakeService()]);
	offerProducts();
});

afterEach(() => {
	service.received.length = 0;
});

afterAll(async () => {
	await engine.stop();
	await service.close();
});

async function getMany(parameters: INodeParameters) {
	return await engine.call('run', {
		workflow: workflowWith({
			type: 'store',
			parameters: { resource: 'product', operation: 'getAll', ...parameters },
		}),
		startNode: 'Start',
		credentials: credentialsFor(service),
	});
}

describe('get many', () => {
	it('reads every page when all are wanted, one item per entry', async () => {
		const items = itemsOf(await getMany({ returnAll: true }));

		expect(items).toHaveLength(250);
		expect(items.at(-1)).toMatchObject({ id: 'p249' });
		expect(service.received.map(({ query }) => query.cursor)).toEqual([undefined, '100', '200']);
	});

	it('reads no more than the limit', async () => {
		const items = itemsOf(await getMany({ limit: 120 }));

		expect(items).toHaveLength(120);
		expect(service.received.map(({ query }) => query.limit)).toEqual(['100', '20']);
	});
});

describe('the list of a resource locator', () => {
	const search = { workflow: workflowWith({ type: 'store', parameters: {} }), node: 'Node' };

	it('searches in the service and goes on where the last page ended', async () => {
		const page = await engine.call('search', {
			...search,
			method: 'searchProducts',
			filter: 'lamp',
			paginationToken: '50',
			credentials: credentialsFor(service),
		});

		expect(page).toMatchObject({ paginationToken: '100' });
		expect(page).toHaveProperty('results.0', { name: 'Lamp 50 (draft)', value: 'p50' });
		expect(service.received[0]?.query).toEqual({ q: 'lamp', limit: '50', cursor: '50' });
	});
});

describe('a dropdown', () => {
	it('offers every list of the marketing suite', async () => {
		service.on('GET /api/lists', () => ({
			body: { data: [{ id: 'l1', name: 'News' }], nextCursor: null },
		}));
		const options = await engine.call('search', {
			workflow: workflowWith({ type: 'marketingSuite', parameters: {} }),
			node: 'Node',
			method: 'getLists',
			credentials: credentialsFor(service),
		});

		expect(options).toEqual([{ name: 'News', value: 'l1' }]);
	});
});
