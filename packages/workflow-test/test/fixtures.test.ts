import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
	type Engine,
	fixtureSchema,
	reportText,
	runTests,
	startEngine,
	type TestReport,
} from '../src/index.ts';

let engine: Engine;
beforeAll(async () => {
	engine = await startEngine();
});
afterAll(() => engine?.stop());

const node = (
	name: string,
	type: string,
	typeVersion: number,
	parameters: object,
	extra: object = {},
) => ({
	...{ id: name, name, type: `n8n-nodes-base.${type}`, typeVersion, position: [0, 0], parameters },
	...extra,
});
const to = (...names: string[]) => names.map((name) => ({ node: name, type: 'main', index: 0 }));

/** Asks a shop for a price, and acts on it. */
const shop = {
	id: 'shop',
	name: 'Shop',
	nodes: [
		node('Start', 'manualTrigger', 1, {}),
		node(
			'Ask',
			'httpRequest',
			4.2,
			{ url: '=https://shop.example/prices/{{ $json.sku }}?currency=EUR', options: {} },
			{ retryOnFail: true, maxTries: 2, waitBetweenTries: 5000 },
		),
		node('Dear?', 'if', 2.2, {
			conditions: {
				options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
				combinator: 'and',
				conditions: [
					{
						id: 'c',
						leftValue: '={{ $json.price }}',
						rightValue: 100,
						operator: { type: 'number', operation: 'gt' },
					},
				],
			},
			options: {},
		}),
		node('Pause', 'wait', 1.1, { amount: 3, unit: 'hours' }),
		node('Ask a person', 'wait', 1.1, { resume: 'webhook', httpMethod: 'POST', options: {} }),
		node('Call', 'executeWorkflow', 1.2, {
			workflowId: { __rl: true, mode: 'id', value: 'child' },
			options: {},
		}),
		node(
			'Write',
			'postgres',
			2.5,
			{
				operation: 'executeQuery',
				query: 'SELECT $1',
				options: { queryReplacement: '={{ $json.doubled }}' },
			},
			{ onError: 'continueErrorOutput' },
		),
		node('Done', 'noOp', 1, {}),
		node('Failed', 'noOp', 1, {}),
	],
	connections: {
		Start: { main: [to('Ask')] },
		Ask: { main: [to('Dear?')] },
		'Dear?': { main: [to('Ask a person'), to('Pause')] },
		Pause: { main: [to('Call')] },
		'Ask a person': { main: [to('Call')] },
		Call: { main: [to('Write')] },
		Write: { main: [to('Done'), to('Failed')] },
	},
	settings: { executionOrder: 'v1' },
};
const child = {
	id: 'child',
	name: 'Child',
	nodes: [
		node('Called', 'executeWorkflowTrigger', 1.1, { inputSource: 'passthrough' }),
		node('Double', 'code', 2, {
			mode: 'runOnceForAllItems',
			language: 'javaScript',
			jsCode:
				'return $input.all().map(({ json }) => ({ json: { doubled: (json.price ?? json.body.price) * 2 } }));',
		}),
	],
	connections: { Called: { main: [to('Double')] } },
	settings: { executionOrder: 'v1' },
};

const price = (value: number) => ({
	request: 'GET https://shop.example/prices/*',
	query: { currency: 'EUR' },
	answer: { json: { price: value } },
});
const written = { Write: { items: [{ ok: true }] } };

async function test(cases: object[], more: object = {}): Promise<TestReport> {
	const folder = await mkdtemp(path.join(tmpdir(), 'autopilot-cases-'));
	try {
		await mkdir(path.join(folder, 'tests'));
		for (const workflow of [shop, child])
			await writeFile(path.join(folder, `${workflow.id}.json`), JSON.stringify(workflow));
		await writeFile(
			path.join(folder, 'tests', 'shop.test.json'),
			JSON.stringify({ workflow: 'shop', cases, ...more }),
		);
		return await runTests(engine, { folder });
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
const problemsOf = ({ files }: TestReport) =>
	files.flatMap(({ problems, cases }) => [...problems, ...cases.flatMap((one) => one.problems)]);

describe('a case', () => {
	it('runs without network or waiting, through sub-workflows, waits and stand-ins, and counts its branches', async () => {
		const items = [{ sku: 'lamp' }];
		const report = await test([
			{
				...{ name: 'cheap', items, http: [price(40)], nodes: written },
				expect: {
					branches: { 'Dear?': ['false'], Write: [0] },
					ran: ['Pause', 'Done'],
					notRan: ['Ask a person', 'Failed'],
					items: { Call: [{ doubled: 80 }] },
					parameters: { Write: { options: { queryReplacement: 80 } } },
					requests: [
						{ request: 'GET https://shop.example/prices/lamp', query: { currency: 'EUR' } },
					],
				},
			},
			{
				...{ name: 'dear, and a person answers', items, http: [price(140)], nodes: written },
				resume: { 'Ask a person': { price: 7 } },
				expect: { branches: { 'Dear?': ['true'] }, items: { Call: [{ doubled: 14 }] } },
			},
			{
				...{ name: 'dear, and nobody answers', items, http: [price(140)] },
				expect: { status: 'waiting', notRan: ['Call'] },
			},
			{
				...{ name: 'the second try succeeds', items, nodes: { Write: { error: 'No database' } } },
				http: [
					{ request: 'GET https://shop.example/prices/lamp', answer: { status: 503 }, times: 1 },
					price(40),
				],
				expect: { branches: { Write: ['error'] }, ran: ['Failed'] },
			},
			{
				...{ name: 'the child is replaced', items, http: [price(40)], nodes: written },
				subWorkflows: { child: { items: [{ doubled: 1 }] } },
				expect: { parameters: { Write: { options: { queryReplacement: 1 } } } },
			},
		]);
		expect(problemsOf(report)).toEqual([]);
		expect(
			report.coverage.map(({ workflow, nodePercent, branchPercent }) => [
				workflow,
				nodePercent,
				branchPercent,
			]),
		).toEqual([
			['shop', 100, 100],
			['child', 100, 100],
		]);
		expect(reportText(report, (_, text) => text)).toContain('5 passed, 0 failed');
	});

	it('fails with a line for each thing that was not as expected', async () => {
		const report = await test([
			{
				name: 'all wrong',
				http: [price(40), { request: 'POST https://elsewhere.example/' }],
				nodes: written,
				items: [{ sku: 'lamp' }],
				expect: {
					ran: ['Ask a person', 'Nowhere'],
					branches: { 'Dear?': ['true'], Write: ['maybe'] },
					items: { Call: [{ doubled: 81 }] },
					parameters: { Write: { options: { queryReplacement: 1 } } },
					requests: [
						{ request: 'GET https://shop.example/prices/lamp', query: { currency: 'USD' } },
					],
				},
			},
			{
				name: 'no answer',
				items: [{ sku: 'lamp' }],
				expect: { error: { node: 'Call', message: 'x' } },
			},
		]);
		expect(problemsOf(report)).toEqual([
			'"Ask a person" did not run',
			'"Nowhere" did not run: there is no such node',
			'"Dear?" gave items to false; expected true',
			'"Write" has no output maybe; it has Success, error',
			'items of "Call": [0].doubled: expected 81, is 80',
			'parameters of "Write": options.queryReplacement: expected 1, is 80',
			'POST https://elsewhere.example/ was never asked for',
			'GET https://shop.example/prices/lamp was not sent like that: query.currency: expected "USD", is "EUR"',
			'it failed at "Ask": The service failed to process your request; expected "Call" to fail',
			'it failed at "Ask": The service failed to process your request; expected "x" in the message',
			'no answer for GET https://shop.example/prices/lamp?currency=EUR',
			'no answer for GET https://shop.example/prices/lamp?currency=EUR',
		]);
		expect(report).toMatchObject({ passed: 0, failed: 2 });
		expect(reportText(report, (_, text) => text)).toContain('not touched: "Dear?" true');
	});

	it('of a file that is not one is a problem of that file', async () => {
		const report = await test([{ name: 'typo', expects: {} }]);
		expect(problemsOf(report)).toEqual([expect.stringContaining('expects')]);
		expect(report.failed).toBe(1);
	});
});

it('has its schema beside it', () => {
	const file = new URL('../fixture.schema.json', import.meta.url);
	expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(
		JSON.parse(JSON.stringify(fixtureSchema())),
	);
});
