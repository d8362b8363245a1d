import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from '@jest/globals';
import { type Engine, reportText, runTests, startEngine } from '../src/index.ts';

let engine: Engine;
let folder: string;
beforeAll(async () => {
	engine = await startEngine();
});
afterAll(() => engine?.stop());
beforeEach(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'autopilot-agents-'));
	await mkdir(path.join(folder, 'tests'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const LANGCHAIN = '@n8n/n8n-nodes-langchain.';
const node = (name: string, type: string, typeVersion: number, parameters: object) => ({
	...{ id: name, name, typeVersion, position: [0, 0], parameters },
	type: type.includes('.') ? type : `n8n-nodes-base.${type}`,
});
const to = (name: string, type = 'main') => ({ [type]: [[{ node: name, type, index: 0 }]] });

/** An agent with a model, a tool that n8n makes of a node, and a tool of its own. */
const shop = (agentVersion: number) => ({
	id: 'shop',
	name: 'Shop',
	nodes: [
		node('Start', 'manualTrigger', 1, {}),
		node('Helper', `${LANGCHAIN}agent`, agentVersion, {
			promptType: 'define',
			text: '=What does {{ $json.sku }} cost?',
			options: { systemMessage: 'You help.' },
		}),
		{
			...node('Model', `${LANGCHAIN}lmChatOpenAi`, 1.2, {
				model: { __rl: true, mode: 'list', value: '={{ $json.model }}' },
				options: {},
			}),
			credentials: { openAiApi: { id: 'openAi', name: 'OpenAI' } },
		},
		node('Price list', 'httpRequestTool', 4.2, {
			toolDescription: 'Prices',
			url: "=https://shop.example/prices/{{ $fromAI('sku', '', 'string') }}",
			options: {},
		}),
		node('Stock', `${LANGCHAIN}toolCode`, 1.3, { description: 'Stock', jsCode: "return '5'" }),
		node('Done', 'noOp', 1, {}),
	],
	connections: {
		Start: to('Helper'),
		Helper: to('Done'),
		Model: to('Helper', 'ai_languageModel'),
		'Price list': to('Helper', 'ai_tool'),
		Stock: to('Helper', 'ai_tool'),
	},
	settings: { executionOrder: 'v1' },
});

async function report(one: object, agentVersion = 2.2) {
	await writeFile(path.join(folder, 'shop.json'), JSON.stringify(shop(agentVersion)));
	const test = {
		workflow: 'shop',
		cases: [{ name: 'case', items: [{ sku: 'A1', model: 'm' }], ...one }],
	};
	await writeFile(path.join(folder, 'tests', 'shop.test.json'), JSON.stringify(test));
	const { passed, coverage, ...rest } = await runTests(engine, { folder });
	return { passed, coverage, text: reportText({ passed, coverage, ...rest }, (_, text) => text) };
}
const http = [{ request: 'GET https://shop.example/prices/A1', answer: { json: { price: 7 } } }];
const calls = [
	{ tool: 'Price_list', arguments: { sku: 'A1' } },
	{ tool: 'Stock', arguments: { input: 'A1' } },
];

describe('an AI agent', () => {
	it.each([2.2, 3.1])('%d calls its tools as its model is told to reply', async (version) => {
		const { passed, text, coverage } = await report(
			{
				http,
				nodes: { Model: { replies: [calls, 'It costs 7.'] }, Stock: { items: [{ left: 3 }] } },
				expect: {
					items: { Done: [{ output: 'It costs 7.' }] },
					requests: [{ request: 'GET https://shop.example/prices/A1' }],
				},
			},
			version,
		);
		expect([passed, text]).toEqual([1, expect.stringContaining('case')]);
		expect(coverage).toMatchObject([{ workflow: 'shop', nodePercent: 100 }]);
	});

	it('tells its model what the test expects, with what tools have answered', async () => {
		const asked = (text: string) => ({
			nodes: { Model: { replies: [calls[1], 'Enough.'] }, Stock: { items: [{ left: 3 }] } },
			expect: {
				parameters: {
					Model: [
						{
							model: { value: 'm' },
							messages: [
								{ role: 'system', text: 'You help.' },
								{ role: 'human', text },
							],
						},
						{ messages: [{}, {}, { role: 'ai' }, { role: 'tool', text: '[{"left":3}]' }] },
					],
				},
			},
		});
		expect((await report(asked('What does A1 cost?'))).passed).toBe(1);
		const wrong = await report(asked('What does B2 cost?'));
		expect([wrong.passed, wrong.text]).toEqual([0, expect.stringContaining('What does A1 cost?')]);
	});

	it('that asks more often than the test has replies fails', async () => {
		const { text } = await report({
			nodes: { Model: { replies: [calls[1]] }, Stock: { items: [{}] } },
		});
		expect(text).toContain('"Model" was asked 2 times, and the test has 1 replies for it');
	});

	it('reaches nobody, and the test says what to do', async () => {
		const { text } = await report({ credentials: { openAiApi: { apiKey: 'made-up' } } });
		const unknown = await report({});
		expect(unknown.text).toMatch(/Error in sub-node Model[^]*"replies"/);
		expect(text).toMatch(/wanted to reach api\.openai\.com:443 by itself[^]*"replies"/);
	});
});
