import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '@autopilot/postgres/testing';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { RunResult } from '@autopilot/workflow-test';
import { callBack, type FakeService, problem, startFakeService } from '../harness/fake-service.ts';
import { type Engine, startEngine } from '@autopilot/workflow-test';
import { credentialsFor, itemsOf, nodeRun, type TestNode, workflowWith } from './workflow.ts';

let engine: Engine;
let service: FakeService;
/** What the fake research bot knows, by id. */
let scrapes: Map<string, IDataObject>;

beforeAll(async () => {
	[engine, service] = await Promise.all([startEngine(), startFakeService()]);
});

beforeEach(() => {
	scrapes = new Map();
	service.received.length = 0;
	service.on('POST /api/v1/scrapes', ({ body }) => {
		const id = `s${scrapes.size + 1}`;
		const [url = ''] = urlsOf(body);
		if (url === 'http://refused') return problem(422, 'not_valid', 'No such host.');
		scrapes.set(id, { id, status: 'queued', url });
		service.on(`GET /api/v1/scrapes/${id}`, () => ({ body: scrapes.get(id) }));
		return { status: 202, body: { id, status: 'queued', jobId: `job-${id}` } };
	});
});

afterAll(async () => {
	await engine.stop();
	await service.close();
});

function urlsOf(body: unknown): string[] {
	return typeof body === 'object' && body !== null && 'urls' in body && Array.isArray(body.urls)
		? body.urls.map(String)
		: [];
}

const SCRAPE: INodeParameters = {
	resource: 'scrape',
	operation: 'create',
	urls: '={{ $json.url }}',
	waitForCompletion: 'resumeUrl',
};

interface Running {
	/** Settles when the execution has ended. */
	result: Promise<RunResult>;
	/** Call-back URLs in the order of the commands. */
	urls: string[];
}

/** Starts the workflow and gives control back when all of its commands have been taken. */
async function start(
	node: Partial<TestNode>,
	items: IDataObject[],
	route = 'POST /api/v1/scrapes',
): Promise<Running> {
	const result = engine.call('run', {
		workflow: workflowWith({ type: 'researchBot', parameters: SCRAPE, ...node }),
		startNode: 'Start',
		items,
		credentials: credentialsFor(service),
	});
	result.catch(() => undefined);
	await until(() => service.to(route).length === items.length);
	const urls = service.to(route).map(({ body }) => JSON.parse(JSON.stringify(body)).callback?.url);
	return { result, urls };
}

/** Calls back as the service does: again, until n8n has put the execution to wait and takes it. */
async function callBackUntilTaken(url: string): Promise<void> {
	await until(async () => (await callBack(url, service.apiKey)) === 200);
}

const end = (status: string, more: IDataObject = {}): void => {
	for (const [id, scrape] of scrapes) scrapes.set(id, { ...scrape, ...more, status });
};

describe('waiting by resume URL', () => {
	it('asks for one call-back for all items and gives the finished objects', async () => {
		const { result, urls } = await start({}, [{ url: 'http://a' }, { url: 'http://b' }]);
		const callbacks = service
			.to('POST /api/v1/scrapes')
			.map(({ body }) => JSON.parse(JSON.stringify(body)).callback);
		expect(callbacks).toEqual([
			{ url: urls[0], count: 2 },
			{ url: urls[0], count: 2 },
		]);

		end('succeeded');
		await callBackUntilTaken(urls[0] ?? '');
		const ended = await result;

		expect(ended).toMatchObject({ status: 'success', resumed: 1 });
		expect(itemsOf(ended)).toEqual([
			{ id: 's1', status: 'succeeded', url: 'http://a' },
			{ id: 's2', status: 'succeeded', url: 'http://b' },
		]);
		expect(nodeRun(ended).outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
		]);
		expect(ended.nodes.After).toHaveLength(1);
	});

	it('does not ask the service while it waits', async () => {
		const { result, urls } = await start({}, [{ url: 'http://a' }]);
		end('succeeded');
		await callBackUntilTaken(urls[0] ?? '');
		await result;

		expect(service.to('GET /api/v1/scrapes/s1')).toHaveLength(1);
	});

	it('stays asleep until the last job has ended', async () => {
		const { result, urls } = await start({}, [{ url: 'http://a' }]);
		await until(async () => {
			const status = await callBack(urls[0] ?? '', service.apiKey);
			return status === 409 && service.to('GET /api/v1/scrapes/s1').length > 0;
		});
		end('succeeded');
		await callBackUntilTaken(urls[0] ?? '');

		expect(itemsOf(await result)).toMatchObject([{ status: 'succeeded' }]);
	});

	it('refuses a call-back with another signature, without asking the service', async () => {
		const { result, urls } = await start({}, [{ url: 'http://a' }]);
		end('succeeded');
		await until(async () => (await callBack(urls[0] ?? '', 'another key')) === 401);
		expect(service.to('GET /api/v1/scrapes/s1')).toHaveLength(0);

		await callBackUntilTaken(urls[0] ?? '');
		expect((await result).status).toBe('success');
	});

	it('answers the call-back of an earlier wait without waking this one', async () => {
		const { result, urls } = await start({}, [{ url: 'http://a' }]);
		const earlier = new URL(urls[0] ?? '');
		earlier.searchParams.set('wait', 'another-node-0');
		await callBackUntilTaken(earlier.href);
		expect(service.to('GET /api/v1/scrapes/s1')).toHaveLength(0);

		end('succeeded');
		await callBackUntilTaken(urls[0] ?? '');
		expect((await result).resumed).toBe(1);
	});

	it('has the service call again when the result cannot be read', async () => {
		const { result, urls } = await start({}, [{ url: 'http://a' }]);
		service.on('GET /api/v1/scrapes/s1', () => ({ status: 500, body: {} }));
		await until(async () => (await callBack(urls[0] ?? '', service.apiKey)) === 503);

		service.on('GET /api/v1/scrapes/s1', () => ({ body: { id: 's1', status: 'succeeded' } }));
		await callBackUntilTaken(urls[0] ?? '');
		expect((await result).status).toBe('success');
	});
});

describe('work that fails', () => {
	const diagnosis = {
		code: 'blocked',
		detail: 'The shop turns robots away.',
		advice: 'Ask for a feed.',
	};
	const results = [{ url: 'http://a', status: 'failed', diagnosis }];

	it('fails the node that waited, with the advice of the service, and starts nothing after it', async () => {
		const { result, urls } = await start({}, [{ url: 'http://a' }]);
		end('failed', { results });
		await callBackUntilTaken(urls[0] ?? '');
		const ended = await result;

		expect(ended.status).toBe('error');
		expect(ended.error?.message).toBe('The scrape failed: The shop turns robots away.');
		expect(ended.error?.description).toContain('Ask for a feed.');
		expect(ended.nodes.After).toBeUndefined();
	});

	it('becomes an error item where the node continues on fail', async () => {
		const node = { onError: 'continueRegularOutput' } as const;
		const { result, urls } = await start(node, [{ url: 'http://a' }, { url: 'http://b' }]);
		end('succeeded');
		scrapes.set('s1', { id: 's1', status: 'failed', results });
		await callBackUntilTaken(urls[0] ?? '');

		expect(itemsOf(await result)).toMatchObject([
			{ error: 'The scrape failed: The shop turns robots away.' },
			{ id: 's2', status: 'succeeded' },
		]);
	});
});

describe('where the service will not call back', () => {
	it('gives the result of work that was done before at once', async () => {
		service.on('POST /api/campaigns/c1/send', () => ({
			status: 200,
			body: { id: 'c1', status: 'sent' },
		}));
		service.on('GET /api/campaigns/c1', () => ({ body: { id: 'c1', status: 'sent' } }));
		service.on('GET /api/campaigns/c1/analytics', () => ({ body: { sent: 50 } }));
		const parameters = {
			resource: 'campaign',
			operation: 'send',
			campaignId: { __rl: true, mode: 'id', value: 'c1' },
			waitForCompletion: 'resumeUrl',
		};
		const { result } = await start(
			{ type: 'marketingSuite', parameters },
			[{}],
			'POST /api/campaigns/c1/send',
		);

		const ended = await result;
		expect(itemsOf(ended)).toEqual([{ id: 'c1', status: 'sent', analytics: { sent: 50 } }]);
		expect(ended.resumed).toBe(0);
	});

	it('looks for itself when one of the commands was refused', async () => {
		const node = { onError: 'continueRegularOutput' } as const;
		const { result } = await start(node, [{ url: 'http://a' }, { url: 'http://refused' }]);
		end('succeeded');

		expect(itemsOf(await result)).toMatchObject([
			{ id: 's1', status: 'succeeded' },
			{ error: 'Research Bot: No such host.' },
		]);
	});
});

describe('the other modes', () => {
	it('polls until the work has ended', async () => {
		const parameters = { ...SCRAPE, waitForCompletion: 'poll', pollInterval: 1 };
		const { result, urls } = await start({ parameters }, [{ url: 'http://a' }]);
		await until(() => service.to('GET /api/v1/scrapes/s1').length > 0);
		end('succeeded');

		expect(urls).toEqual([undefined]);
		expect(itemsOf(await result)).toMatchObject([{ id: 's1', status: 'succeeded' }]);
	});

	it('gives up polling at the time limit and says that the work goes on', async () => {
		const parameters = {
			...SCRAPE,
			waitForCompletion: 'poll',
			pollInterval: 1,
			pollTimeLimit: 0.02,
		};
		const { result } = await start({ parameters }, [{ url: 'http://a' }]);

		expect((await result).error).toMatchObject({
			message: 'The scrape is not finished yet',
			description: expect.stringContaining('Time Limit'),
		});
	});

	it('does not wait when told so', async () => {
		const parameters = { ...SCRAPE, waitForCompletion: 'none' };
		const { result } = await start({ parameters }, [{ url: 'http://a' }]);

		expect(itemsOf(await result)).toEqual([{ id: 's1', status: 'queued', jobId: 'job-s1' }]);
	});
});
